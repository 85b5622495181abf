import type { z } from 'zod';
import { quoted } from './expected.ts';

const LINES = 20;

/**
 * What is wrong with a value, in lines that a person can act on: which field, what it should be, what
 * it is. A line never holds a whole value, and no secret.
 *
 * @param subject what the value is called, such as `schedule`: each line begins with it. Default: nothing.
 * @returns at most 20 lines, and one more that counts the rest.
 * @example
 * const result = scheduleDefinition.safeParse(value);
 * if (!result.success) console.error(explainDefinition(result.error, 'schedule').join('\n'));
 * // schedule.args.training.args.cron_interval: expected five cron fields such as "0 6 * * *", got "every day"
 */
export function explainDefinition(error: z.ZodError, subject = ''): string[] {
  const lines = error.issues.slice(0, LINES).map((issue) => {
    const place = path(subject, issue.path);
    return place ? `${place}: ${issue.message}` : issue.message;
  });
  const rest = error.issues.length - LINES;
  return rest > 0 ? [...lines, `and ${rest} more`] : lines;
}

function path(subject: string, keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`;
    const name = String(key);
    if (!/^[\w-]{1,100}$/.test(name)) return `${before}[${quoted(name)}]`;
    return before ? `${before}.${name}` : name;
  }, subject);
}
