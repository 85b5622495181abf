import type { JobConfig } from '@spire/schema';
import type { JobConfigPage } from '@spire/sdk';
import { definition } from './definition.ts';
import { fields, localTime, table } from './table.ts';

/** A page of job configs, a line each. */
export function renderJobConfigs({ jobConfigs }: JobConfigPage): string {
  if (jobConfigs.length === 0) return 'No job config fits.';
  const rows = jobConfigs.map((one) => [one.name, one.type, localTime(one.modifiedAt)]);
  return table(['name', 'type', 'modified'], rows);
}

/** A job config with its definition. */
export function renderJobConfig(jobConfig: JobConfig): string {
  const head = fields([
    ['name', jobConfig.name],
    ['type', jobConfig.type],
    ['created', localTime(jobConfig.createdAt)],
    ['modified', localTime(jobConfig.modifiedAt)],
  ]);
  return `${head}\n\n${definition('definition', jobConfig.definition)}`;
}
