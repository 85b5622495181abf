import type { DatasetDefinition } from '@spire/schema/definitions';

/** The vendors of the practice data. */
export const SEED_VENDORS = ['adobe', 'custom', 'dfp', 'ncs', 'nielsen'] as const;

/** One of the vendors of the practice data. */
export type SeedVendor = (typeof SEED_VENDORS)[number];

type Behavior = Record<string, string>;

/** What the practice workflows are about; a tag each. The vendor is another. */
export const SEED_SUBJECTS = ['beauty', 'travel', 'fashion', 'food', 'home', 'technology'] as const;

/** Every tag of the practice data. */
export const SEED_TAGS: readonly string[] = [...SEED_SUBJECTS, ...SEED_VENDORS];

/** Who counts as positive and who as negative, by vendor: the organisation's defaults. */
function behaviors(vendor: SeedVendor, traitId: number): [Behavior, Behavior] {
  const group = String(traitId);
  switch (vendor) {
    case 'adobe':
      return [{ vendor, group }, { vendor }];
    case 'custom':
      return [
        { vendor, value: '1' },
        { vendor, value: '0' },
      ];
    case 'dfp':
      return [
        { vendor, source: 'network_clicks', group },
        { vendor, source: 'network_impressions', group },
      ];
    case 'ncs':
      return [
        { vendor, group, value: '1' },
        { vendor, group, value: '0' },
      ];
    case 'nielsen':
      return [
        { vendor, source: 'dar', group, value: '1' },
        { vendor, source: 'dar', group, value: '0' },
      ];
  }
}

/** The training set of a vendor's workflow. */
export function seedDataset(vendor: SeedVendor, traitId: number): DatasetDefinition {
  const [positive, negative] = behaviors(vendor, traitId);
  return {
    family: 'binary',
    classes: {
      positive: { logic: 'matches_any', args: { behaviors: [positive] } },
      negative: { logic: 'matches_any', args: { behaviors: [negative] } },
    },
    data_requirements: {
      logic: 'min_max_provided',
      min_positive: 100,
      max_positive: 250_000,
      min_negative: 100,
      max_negative: 250_000,
    },
  };
}

/** Assembly and training once a week, spread over days and hours; scoring every day. */
export function seedSchedule(traitId: number) {
  const weekly = (hour: number) => ({
    logic: 'cron' as const,
    args: {
      cron_interval: `0 ${(hour + traitId) % 24} * * ${traitId % 7}`,
      start_date: '2026-01-01',
    },
  });
  return {
    logic: 'scheduled_stages' as const,
    args: {
      assembly: weekly(0),
      training: weekly(4),
      scoring: {
        logic: 'cron' as const,
        args: { cron_interval: '0 6 * * *', start_date: '2026-01-01' },
      },
    },
  };
}

const CLUSTER = { spark_version: '15.4.x-scala2.12', node_type_id: 'm5.xlarge', num_workers: 4 };

/** A job config for each stage of a vendor's workflows. */
export function seedJobConfigs(vendor: SeedVendor) {
  const notebook = (stage: string) => ({
    new_cluster: CLUSTER,
    notebook_task: { notebook_path: `/spire/${vendor}/${stage}`, base_parameters: {} },
    timeout_seconds: 7200,
  });
  return [
    {
      name: `${vendor}-assembly`,
      type: 'SpireVendorNotebookJobConfig',
      definition: notebook('assembly'),
    },
    {
      name: `${vendor}-training`,
      type: 'SpireTrainingNotebookJobConfig',
      definition: notebook('training'),
    },
    {
      name: `${vendor}-scoring`,
      type: 'SpireScoringNotebookJobConfig',
      definition: notebook('scoring'),
    },
  ];
}
