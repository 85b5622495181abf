import type { DatasetDefinition, ScheduleDefinition } from '@spire/schema/definitions';
import {
  SEED_SUBJECTS,
  SEED_VENDORS,
  type SeedVendor,
  seedDataset,
  seedSchedule,
} from '../seed-definitions.ts';

/** A workflow of the former platform with what belongs to it alone. */
export interface LegacyWorkflow {
  /** From 1. */
  readonly i: number;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly is_proxy: boolean;
  readonly trait: number;
  readonly vendor: SeedVendor;
  readonly subject: string;
  readonly dataset: DatasetDefinition;
  readonly schedule: ScheduleDefinition;
}

/** As many workflows as asked for, of all vendors in turn. */
export function legacyWorkflows(
  count: number,
  isEnabled: (i: number) => boolean,
): readonly LegacyWorkflow[] {
  return Array.from({ length: count }, (_, index) => {
    const vendor = SEED_VENDORS[index % SEED_VENDORS.length] ?? 'adobe';
    const subject = SEED_SUBJECTS[index % SEED_SUBJECTS.length] ?? 'beauty';
    const trait =
      1000 * ((index % SEED_VENDORS.length) + 1) + Math.floor(index / SEED_VENDORS.length) + 1;
    const title = subject.charAt(0).toUpperCase() + subject.slice(1);
    const i = index + 1;
    return {
      i,
      name: `spire_${vendor}_${trait}`,
      description: `${title} > ${i % 2 === 0 ? 'In-Market' : 'Affinity'} > ${vendor} ${trait}`,
      enabled: isEnabled(i),
      is_proxy: i % 30 === 0,
      trait,
      vendor,
      subject,
      dataset: datasetOf(i, vendor, trait),
      schedule: scheduleOf(i, trait),
    };
  });
}

function datasetOf(i: number, vendor: SeedVendor, trait: number): DatasetDefinition {
  const group = String(trait);
  if (i % 25 === 0) {
    const one = (value: string) => ({
      logic: 'matches_any' as const,
      args: { behaviors: [{ vendor, group, value }] },
    });
    return {
      family: 'multiclass',
      classes: { low: one('1'), medium: one('2'), high: one('3') },
      data_requirements: { logic: 'no_requirements' },
    };
  }
  if (i % 40 === 7) {
    return {
      family: 'binary',
      logic: 'column_as_target',
      args: { behavior: { vendor, group }, target: 'converted' },
      data_requirements: { logic: 'min_max_provided', min_positive: 100, max_positive: 250_000 },
    };
  }
  return seedDataset(vendor, trait);
}

function scheduleOf(i: number, trait: number): ScheduleDefinition {
  const { logic, args } = seedSchedule(trait);
  if (i % 10 === 4) {
    const countdown = { stage: 'scoring' as const, seconds_until_stale: 86_400, n_tries: 3 };
    return { logic, args: { ...args, scoring: { logic: 'countdown', args: countdown } } };
  }
  if (i % 20 === 9) {
    const expiration = { expiration_date: '2026-06-30' };
    return { logic, args: { ...args, training: { logic: 'expiration', args: expiration } } };
  }
  return { logic, args };
}
