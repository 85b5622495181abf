import { Cron } from 'croner';
import { z } from 'zod';
import { expected } from './expected.ts';

const fiveFields = expected('five cron fields such as "0 6 * * *"');

/** When something recurs: minute, hour, day of the month, month, day of the week. */
export const cron = z.string(fiveFields).refine(isCron, fiveFields);

function isCron(text: string): boolean {
  // croner would also take seconds, years and names such as @daily, which other readers don't know.
  if (text.trim().split(/\s+/).length !== 5) return false;
  try {
    new Cron(text, { paused: true });
    return true;
  } catch {
    return false;
  }
}
