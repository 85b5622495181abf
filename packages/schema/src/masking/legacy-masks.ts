import type { TableMasks } from './mask.ts';

const sourcesRuns = {
  rows: 'drop',
  why: "The source's clusters and runs don't exist for others.",
} as const;

/**
 * The same for what Alembic left and migrations have changed since, by its name in Postgres: tables that
 * are gone, and columns that tables had. What has kept its name stands in `masks`.
 */
export const legacyMasks: Readonly<Record<string, TableMasks>> = {
  assembly_status: sourcesRuns,
  postprocess: { rows: 'keep', columns: { workflow_id: 'keep', id: 'keep', type: 'keep' } },
  scoring_status: sourcesRuns,
  thresholds: {
    rows: 'keep',
    columns: { id: 'keep', strategy: 'keep', thresholds: 'keep', buckets: 'keep' },
  },
  training_status: sourcesRuns,
  workflow_features: { rows: 'keep', columns: { features_id: 'keep' } },
  workflow_jobconfigs: {
    rows: 'keep',
    columns: { workflow_id: 'keep', job_config_name: 'keep', stage: 'keep' },
  },
};
