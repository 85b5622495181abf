import type { JobConfig } from '@spire/schema';
import type { JobConfigPage } from '@spire/sdk';
import { asCalled } from '../called-as.ts';
import { definition } from './definition.ts';
import { fields, localTime, table } from './table.ts';

/** A page of job configs, a line each. */
export function renderJobConfigs({ jobConfigs, next }: JobConfigPage): string {
  if (jobConfigs.length === 0) return 'No job config fits.';
  const rows = jobConfigs.map((one) => [one.name, one.type, localTime(one.modifiedAt)]);
  const text = table(['name', 'type', 'modified'], rows);
  return next ? `${text}\n\n${asCalled(`More: spire job-configs list --after ${next}`)}` : text;
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
