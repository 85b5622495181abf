import type * as tables from '../tables/index.ts';
import type { Mask, TableMasks } from './mask.ts';
import { PEOPLE, SECRETS, SOURCES_OWN } from './removed-names.ts';

type Tables = typeof tables;
type ColumnOf<Name extends keyof Tables> = keyof Tables[Name]['$inferSelect'] & string;

const sourcesRun = {
  method: 'null',
  why: "A cluster and a run of the source's workspace.",
} as const;

const jobDefinition: Mask = {
  method: 'json',
  removed: [SECRETS, PEOPLE, SOURCES_OWN],
  rewritten: {
    environment: ['deployment_env', 'spire_environment'],
    host: ['db_host', 'db_host_name', 'pg_host', 'host'],
    vaultAddress: ['vault_addr', 'vault_address'],
    vaultReadPath: ['vault_read_path'],
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
  features: {
    rows: 'keep',
    columns: {
      id: 'keep',
      definition: {
        method: 'json',
        removed: [SECRETS],
        rewritten: {},
        why: 'A location may be an address with a password in it.',
      },
    },
  },
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
