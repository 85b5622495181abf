import { Flags } from '@oclif/core';
import { CliError } from './errors.ts';

const SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };
const LONGEST_SECONDS = 32 * 86_400;

/** A flag whose value is a time such as `15m`, `8h`, `2d`, in seconds. */
export const lifeFlag = Flags.custom<number>({
  helpValue: 'TIME',
  parse: async (text) => {
    const [, amount, unit = ''] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
    const seconds = Number(amount) * (SECONDS[unit] ?? Number.NaN);
    if (seconds >= 60 && seconds <= LONGEST_SECONDS) return seconds;
    throw new CliError('USAGE', '--life: expected a time such as 15m, 8h or 2d, at most 32d.');
  },
});
