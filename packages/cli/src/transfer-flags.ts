import { Flags } from '@oclif/core';
import { isDay, type OthersPolicy } from '@spire/transfer';
import { CliError } from './errors.ts';

/** What the flag says that names the environment that is read. */
export const FROM = { description: 'environment to read from', helpValue: 'NAME' } as const;

/** How rows are copied. */
export const copyFlags = {
  live: Flags.boolean({
    description:
      'leave workflows enabled and schedules as they are; by itself nothing runs by a copy',
  }),
  jobs: Flags.integer({
    description: 'tables or indexes at once',
    helpValue: 'N',
    default: 4,
    min: 1,
    max: 32,
  }),
};

/** What becomes of others who work with what is replaced. */
export const othersFlags = {
  wait: Flags.boolean({
    description: 'wait until nobody else is in the database',
    exclusive: ['terminate'],
  }),
  terminate: Flags.boolean({ description: "end others' sessions in the database" }),
};

/** What becomes of what is replaced, and of others who work with it. */
export const replaceFlags = {
  keep: Flags.integer({
    description: 'days for which the tables of before are kept, for the undo',
    helpValue: 'DAYS',
    default: 7,
    min: 1,
    max: 365,
  }),
  ...othersFlags,
};

/** What to do about others' sessions. */
export function othersOf({ wait, terminate }: { wait: boolean; terminate: boolean }): OthersPolicy {
  return wait ? 'wait' : terminate ? 'terminate' : 'refuse';
}

/** @throws CliError `USAGE` for what isn't a day of the calendar. */
export function requireSince(text: string): void {
  if (isDay(text)) return;
  throw new CliError('USAGE', `--since: expected a day such as 2026-01-31, got ${text || '""'}.`);
}
