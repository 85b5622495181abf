-- spire:irreversible the tables that Alembic left would go, with all they hold
-- The tables that Alembic left at 9a18fa4a434f, to the letter.
create table workflows (
  id uuid not null,
  name varchar(100) not null,
  description text not null,
  created_at date default now(),
  modified_at date default now(),
  enabled boolean not null default false,
  is_proxy boolean not null default false,
  constraint id_unique unique (id),
  constraint workflows_name_key unique (name)
);
--> statement-breakpoint
create index enabled_idx on workflows (enabled) where enabled;
--> statement-breakpoint
create index disabled_idx on workflows (enabled) where not enabled;
--> statement-breakpoint
create table datasets (
  id uuid not null,
  definition jsonb,
  constraint datasets_pk primary key (id)
);
--> statement-breakpoint
create table workflow_datasets (
  workflow_id uuid references workflows (id) on delete cascade,
  dataset_id uuid references datasets (id) on delete cascade
);
--> statement-breakpoint
create table features (
  id uuid not null primary key,
  definition json
);
--> statement-breakpoint
create table workflow_features (
  workflow_id uuid references workflows (id) on delete cascade,
  features_id uuid references features (id) on delete cascade
);
--> statement-breakpoint
create table tags (
  id uuid not null primary key,
  label varchar(100) not null unique
);
--> statement-breakpoint
-- A table can't be created with a primary key and a unique constraint on one column: one is lost.
alter table tags add constraint tags_id_key unique (id);
--> statement-breakpoint
create table workflow_tags (
  workflow_id uuid references workflows (id) on delete cascade,
  tag_id uuid references tags (id) on delete cascade
);
--> statement-breakpoint
create table trait_workflows (
  trait_id integer unique,
  workflow_id uuid not null references workflows (id) on delete cascade
);
--> statement-breakpoint
create table schedules (
  workflow_id uuid not null references workflows (id) on delete cascade,
  definition jsonb
);
--> statement-breakpoint
create table history (
  id uuid not null,
  workflow_id uuid references workflows (id) on delete cascade,
  stage varchar(50) not null,
  arg_date timestamp,
  execution_date timestamp,
  stats jsonb not null,
  info jsonb not null,
  status varchar(50) not null,
  warnings jsonb not null,
  error text,
  traceback varchar
);
--> statement-breakpoint
create table job_configs (
  name varchar not null primary key,
  type varchar not null,
  definition json not null,
  created_at timestamp,
  modified_at timestamp
);
--> statement-breakpoint
create table workflow_jobconfigs (
  workflow_id uuid not null references workflows (id),
  job_config_name varchar not null references job_configs (name),
  stage varchar(14) not null,
  primary key (workflow_id, job_config_name, stage)
);
--> statement-breakpoint
create table cluster_status (
  workflow_id uuid references workflows (id) on delete cascade,
  stage varchar(100),
  id uuid not null primary key
);
--> statement-breakpoint
alter table cluster_status add constraint cluster_status_id_key unique (id);
--> statement-breakpoint
create table assembly_status (
  cluster_id varchar(100),
  run_id integer,
  id uuid not null primary key references cluster_status (id) on delete cascade
);
--> statement-breakpoint
create table training_status (
  cluster_id varchar(100),
  run_id integer,
  id uuid not null primary key references cluster_status (id) on delete cascade
);
--> statement-breakpoint
create table scoring_status (
  cluster_id varchar(100),
  run_id integer,
  id uuid not null primary key references cluster_status (id) on delete cascade
);
--> statement-breakpoint
create table postprocess (
  workflow_id uuid references workflows (id) on delete cascade,
  id uuid not null constraint postprocess_workflows_pkey primary key,
  type varchar(100)
);
--> statement-breakpoint
alter table postprocess add constraint postprocess_id_key unique (id);
--> statement-breakpoint
create table thresholds (
  id uuid not null primary key references postprocess (id) on delete cascade,
  strategy varchar(100),
  thresholds double precision,
  buckets text
);
--> statement-breakpoint
create table dfp_orders (
  id serial not null unique,
  advertiser varchar(100) not null,
  order_id bigint not null unique,
  start_date date not null,
  last_processed_date date,
  active boolean not null
);
