import type { TableCatalogue } from './catalogue.ts';

const workflowKey = (table: string, cascade = true) =>
  `${table}_workflow_id_fkey FOREIGN KEY (workflow_id) REFERENCES workflows(id)${cascade ? ' ON DELETE CASCADE' : ''}`;

const runStatus = (table: string): TableCatalogue => ({
  columns: ['cluster_id character varying(100)', 'run_id integer', 'id uuid not null'],
  constraints: [
    `${table}_id_fkey FOREIGN KEY (id) REFERENCES cluster_status(id) ON DELETE CASCADE`,
    `${table}_pkey PRIMARY KEY (id)`,
  ],
  indexes: [],
});

/** What Alembic left at `9a18fa4a434f`, written down by hand. */
export const baselineCatalogue: Record<string, TableCatalogue> = {
  assembly_status: runStatus('assembly_status'),
  cluster_status: {
    columns: ['workflow_id uuid', 'stage character varying(100)', 'id uuid not null'],
    constraints: [
      'cluster_status_id_key UNIQUE (id)',
      'cluster_status_pkey PRIMARY KEY (id)',
      workflowKey('cluster_status'),
    ],
    indexes: [],
  },
  datasets: {
    columns: ['id uuid not null', 'definition jsonb'],
    constraints: ['datasets_pk PRIMARY KEY (id)'],
    indexes: [],
  },
  dfp_orders: {
    columns: [
      "id integer not null default nextval('dfp_orders_id_seq'::regclass)",
      'advertiser character varying(100) not null',
      'order_id bigint not null',
      'start_date date not null',
      'last_processed_date date',
      'active boolean not null',
    ],
    constraints: ['dfp_orders_id_key UNIQUE (id)', 'dfp_orders_order_id_key UNIQUE (order_id)'],
    indexes: [],
  },
  features: {
    columns: ['id uuid not null', 'definition json'],
    constraints: ['features_pkey PRIMARY KEY (id)'],
    indexes: [],
  },
  history: {
    columns: [
      'id uuid not null',
      'workflow_id uuid',
      'stage character varying(50) not null',
      'arg_date timestamp without time zone',
      'execution_date timestamp without time zone',
      'stats jsonb not null',
      'info jsonb not null',
      'status character varying(50) not null',
      'warnings jsonb not null',
      'error text',
      'traceback character varying',
    ],
    constraints: [workflowKey('history')],
    indexes: [],
  },
  job_configs: {
    columns: [
      'name character varying not null',
      'type character varying not null',
      'definition json not null',
      'created_at timestamp without time zone',
      'modified_at timestamp without time zone',
    ],
    constraints: ['job_configs_pkey PRIMARY KEY (name)'],
    indexes: [],
  },
  postprocess: {
    columns: ['workflow_id uuid', 'id uuid not null', 'type character varying(100)'],
    constraints: [
      'postprocess_id_key UNIQUE (id)',
      workflowKey('postprocess'),
      'postprocess_workflows_pkey PRIMARY KEY (id)',
    ],
    indexes: [],
  },
  schedules: {
    columns: ['workflow_id uuid not null', 'definition jsonb'],
    constraints: [workflowKey('schedules')],
    indexes: [],
  },
  scoring_status: runStatus('scoring_status'),
  tags: {
    columns: ['id uuid not null', 'label character varying(100) not null'],
    constraints: [
      'tags_id_key UNIQUE (id)',
      'tags_label_key UNIQUE (label)',
      'tags_pkey PRIMARY KEY (id)',
    ],
    indexes: [],
  },
  thresholds: {
    columns: [
      'id uuid not null',
      'strategy character varying(100)',
      'thresholds double precision',
      'buckets text',
    ],
    constraints: [
      'thresholds_id_fkey FOREIGN KEY (id) REFERENCES postprocess(id) ON DELETE CASCADE',
      'thresholds_pkey PRIMARY KEY (id)',
    ],
    indexes: [],
  },
  training_status: runStatus('training_status'),
  trait_workflows: {
    columns: ['trait_id integer', 'workflow_id uuid not null'],
    constraints: ['trait_workflows_trait_id_key UNIQUE (trait_id)', workflowKey('trait_workflows')],
    indexes: [],
  },
  workflow_datasets: {
    columns: ['workflow_id uuid', 'dataset_id uuid'],
    constraints: [
      'workflow_datasets_dataset_id_fkey FOREIGN KEY (dataset_id) REFERENCES datasets(id) ON DELETE CASCADE',
      workflowKey('workflow_datasets'),
    ],
    indexes: [],
  },
  workflow_features: {
    columns: ['workflow_id uuid', 'features_id uuid'],
    constraints: [
      'workflow_features_features_id_fkey FOREIGN KEY (features_id) REFERENCES features(id) ON DELETE CASCADE',
      workflowKey('workflow_features'),
    ],
    indexes: [],
  },
  workflow_jobconfigs: {
    columns: [
      'workflow_id uuid not null',
      'job_config_name character varying not null',
      'stage character varying(14) not null',
    ],
    constraints: [
      'workflow_jobconfigs_job_config_name_fkey FOREIGN KEY (job_config_name) REFERENCES job_configs(name)',
      'workflow_jobconfigs_pkey PRIMARY KEY (workflow_id, job_config_name, stage)',
      workflowKey('workflow_jobconfigs', false),
    ],
    indexes: [],
  },
  workflow_tags: {
    columns: ['workflow_id uuid', 'tag_id uuid'],
    constraints: [
      'workflow_tags_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES tags(id) ON DELETE CASCADE',
      workflowKey('workflow_tags'),
    ],
    indexes: [],
  },
  workflows: {
    columns: [
      'id uuid not null',
      'name character varying(100) not null',
      'description text not null',
      'created_at date default now()',
      'modified_at date default now()',
      'enabled boolean not null default false',
      'is_proxy boolean not null default false',
    ],
    constraints: ['id_unique UNIQUE (id)', 'workflows_name_key UNIQUE (name)'],
    indexes: [
      'disabled_idx workflows USING btree (enabled) WHERE (NOT enabled)',
      'enabled_idx workflows USING btree (enabled) WHERE enabled',
    ],
  },
};
