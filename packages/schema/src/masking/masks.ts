import type * as tables from '../tables/index.ts';
import type { Mask, TableMasks } from './mask.ts';

type Tables = typeof tables;
type ColumnOf<Name extends keyof Tables> = keyof Tables[Name]['$inferSelect'] & string;

const sourcesRun = {
  method: 'null',
  why: "A cluster and a run of the source's workspace.",
} as const;

const jobDefinition: Mask = {
  method: 'json',
  removed: [
    '*token',
    '*password',
    '*passwd',
    '*pwd',
    '*secret',
    '*secret_key',
    '*secret.key',
    '*access_key',
    '*access.key',
    '*private_key',
    '*api_key',
    '*tokens',
    '*passwords',
    '*secrets',
    '*passphrase',
    '*credential',
    '*credentials',
    '*authorization',
    '*accesskey',
    '*apikey',
    '*privatekey',
    '*access_key_id',
    '*access.key.id',
    '*account.key.*',
    '*username',
    '*user_name',
    'basic_auth',
    'ssh_public_keys',
    'access_control_list',
    'email_notifications',
    'webhook_notifications',
    'run_as',
    'db_user',
    'db_name',
    'db_port',
    'vault_write_path',
    'databricks_host',
    'ghcr_user',
  ],
  rewritten: {
    DEPLOYMENT_ENV: 'environment',
    SPIRE_ENVIRONMENT: 'environment',
    DB_HOSTNAME: 'host',
    VAULT_ADDRESS: 'vaultAddress',
    VAULT_ADDR: 'vaultAddress',
    VAULT_READ_PATH: 'vaultReadPath',
  },
  why: "Secrets, people, and the source's own environment have no place elsewhere.",
};

/** What becomes of every column that there is, when rows go to another database. */
export const masks = {
  clusterStatus: { rows: 'drop', why: "The source's clusters and runs don't exist for others." },
  datasets: { rows: 'keep', columns: { id: 'keep', definition: 'keep' } },
  dfpOrders: {
    rows: 'keep',
    columns: {
      id: 'keep',
      advertiser: { method: 'label', prefix: 'Advertiser', why: "A customer's name." },
      orderId: { method: 'number', why: "The number of a customer's order, known outside." },
      startDate: 'keep',
      lastProcessedDate: 'keep',
      active: 'keep',
    },
  },
  features: { rows: 'keep', columns: { id: 'keep', definition: 'keep' } },
  history: {
    rows: 'keep',
    columns: {
      id: 'keep',
      workflowId: 'keep',
      stage: 'keep',
      argDate: 'keep',
      executionDate: 'keep',
      status: 'keep',
      stats: {
        method: 'figures',
        why: 'Figures are what it is for; a text in it may be anything.',
      },
      info: { method: 'empty', why: 'Anything may stand in it.' },
      warnings: { method: 'empty', why: 'They may quote the data that they warn of.' },
      error: {
        method: 'label',
        prefix: 'Error',
        why: 'It may quote the data that the run failed on.',
      },
      traceback: { method: 'null', why: 'It may quote data, addresses and credentials.' },
      clusterId: sourcesRun,
      runId: sourcesRun,
      modifiedAt: 'keep',
    },
  },
  jobConfigs: {
    rows: 'keep',
    columns: {
      name: 'keep',
      type: 'keep',
      definition: jobDefinition,
      createdAt: 'keep',
      modifiedAt: 'keep',
    },
  },
  postprocessors: {
    rows: 'keep',
    columns: {
      id: 'keep',
      workflowId: 'keep',
      position: 'keep',
      type: 'keep',
      strategy: 'keep',
      thresholds: 'keep',
      buckets: 'keep',
    },
  },
  schedules: {
    rows: 'keep',
    columns: {
      workflowId: 'keep',
      definition: {
        method: 'pause',
        why: "The source's schedules are run by the source.",
      },
    },
  },
  tags: { rows: 'keep', columns: { id: 'keep', label: 'keep' } },
  traitWorkflows: { rows: 'keep', columns: { traitId: 'keep', workflowId: 'keep' } },
  workflowDatasets: { rows: 'keep', columns: { workflowId: 'keep', datasetId: 'keep' } },
  workflowFeatures: { rows: 'keep', columns: { workflowId: 'keep', featureId: 'keep' } },
  workflowJobConfigs: {
    rows: 'keep',
    columns: { workflowId: 'keep', stage: 'keep', jobConfigName: 'keep' },
  },
  workflows: {
    rows: 'keep',
    columns: {
      id: 'keep',
      name: 'keep',
      description: 'keep',
      enabled: { method: 'pause', why: 'Scheduled runs take what is enabled.' },
      isProxy: 'keep',
      createdAt: 'keep',
      modifiedAt: 'keep',
    },
  },
  workflowTags: { rows: 'keep', columns: { workflowId: 'keep', tagId: 'keep' } },
} satisfies { readonly [Name in keyof Tables]: TableMasks<ColumnOf<Name>> };
