-- spire:irreversible the former columns held days, not times
-- spire:allow adding-foreign-key-constraint,adding-not-nullable-field,adding-serial-primary-key-field reason=the tables are small, and nobody uses them while they are modernised
-- spire:allow changing-column-type,constraint-missing-not-valid,require-concurrent-index-creation reason=the tables are small, and nobody uses them while they are modernised
-- spire:allow require-concurrent-index-deletion reason=the tables are small, and nobody uses them while they are modernised
-- Workflows get a primary key, and times with a zone: the former days are days of UTC.
-- The foreign keys rest on the unique constraint that the primary key replaces, so they move over.
lock table workflows in access exclusive mode;
--> statement-breakpoint
insert into spire.legacy_rows (source_table, target_table, found) values
  ('workflows', 'workflows', (select count(*) from workflows));
--> statement-breakpoint
alter table workflow_datasets drop constraint workflow_datasets_workflow_id_fkey;
--> statement-breakpoint
alter table workflow_features drop constraint workflow_features_workflow_id_fkey;
--> statement-breakpoint
alter table workflow_tags drop constraint workflow_tags_workflow_id_fkey;
--> statement-breakpoint
alter table trait_workflows drop constraint trait_workflows_workflow_id_fkey;
--> statement-breakpoint
alter table schedules drop constraint schedules_workflow_id_fkey;
--> statement-breakpoint
alter table history drop constraint history_workflow_id_fkey;
--> statement-breakpoint
alter table workflow_jobconfigs drop constraint workflow_jobconfigs_workflow_id_fkey;
--> statement-breakpoint
alter table cluster_status drop constraint cluster_status_workflow_id_fkey;
--> statement-breakpoint
alter table postprocess drop constraint postprocess_workflow_id_fkey;
--> statement-breakpoint
-- A day may lie further ahead than a time can.
update workflows set
  created_at = case when isfinite(created_at) then least(created_at, '294276-12-31') else created_at end,
  modified_at = case when isfinite(modified_at) then least(modified_at, '294276-12-31') else modified_at end
where greatest(created_at, modified_at) > '294276-12-31';
--> statement-breakpoint
alter table workflows
  drop constraint id_unique,
  add constraint workflows_pkey primary key (id),
  alter column id set default gen_random_uuid(),
  alter column created_at drop default,
  alter column created_at type timestamptz using coalesce(
    created_at::timestamp at time zone 'UTC', modified_at::timestamp at time zone 'UTC', now()
  ),
  alter column created_at set default now(),
  alter column created_at set not null,
  alter column modified_at drop default,
  alter column modified_at type timestamptz using coalesce(
    modified_at::timestamp at time zone 'UTC', created_at::timestamp at time zone 'UTC', now()
  ),
  alter column modified_at set default now(),
  alter column modified_at set not null;
--> statement-breakpoint
drop index enabled_idx;
--> statement-breakpoint
drop index disabled_idx;
--> statement-breakpoint
create index workflows_enabled_idx on workflows (name) where enabled;
--> statement-breakpoint
create index workflows_disabled_idx on workflows (name) where not enabled;
--> statement-breakpoint
alter table workflow_datasets
  add constraint workflow_datasets_workflow_id_workflows_id_fk
  foreign key (workflow_id) references workflows (id) on delete cascade;
--> statement-breakpoint
alter table workflow_features
  add constraint workflow_features_workflow_id_workflows_id_fk
  foreign key (workflow_id) references workflows (id) on delete cascade;
--> statement-breakpoint
alter table workflow_tags
  add constraint workflow_tags_workflow_id_workflows_id_fk
  foreign key (workflow_id) references workflows (id) on delete cascade;
--> statement-breakpoint
alter table trait_workflows
  add constraint trait_workflows_workflow_id_workflows_id_fk
  foreign key (workflow_id) references workflows (id) on delete cascade;
--> statement-breakpoint
alter table schedules
  add constraint schedules_workflow_id_workflows_id_fk
  foreign key (workflow_id) references workflows (id) on delete cascade;
--> statement-breakpoint
alter table history
  add constraint history_workflow_id_workflows_id_fk
  foreign key (workflow_id) references workflows (id) on delete cascade;
--> statement-breakpoint
alter table workflow_jobconfigs
  add foreign key (workflow_id) references workflows (id);
--> statement-breakpoint
alter table cluster_status
  add foreign key (workflow_id) references workflows (id) on delete cascade;
--> statement-breakpoint
alter table postprocess
  add foreign key (workflow_id) references workflows (id) on delete cascade;
--> statement-breakpoint
update spire.legacy_rows set
  carried = (select count(*) from workflows),
  quarantined = (select count(*) from spire.quarantine where source_table = 'workflows')
where source_table = 'workflows';
