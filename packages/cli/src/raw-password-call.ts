import { parseArgs } from 'node:util';

/**
 * The environment that `db password --raw` was called with, empty when none was named; undefined when it
 * is another call, or one that says anything else.
 *
 * @example
 * rawPasswordCall(['db', 'password', '--raw', '-e', 'staging']); // 'staging'
 */
export function rawPasswordCall([topic, command, ...args]: readonly string[]): string | undefined {
  if (topic !== 'db' || command !== 'password') return undefined;
  try {
    const { values } = parseArgs({
      args,
      options: { environment: { type: 'string', short: 'e' }, raw: { type: 'boolean' } },
    });
    return values.raw ? (values.environment ?? '') : undefined;
  } catch {
    // oclif says what is wrong with it.
    return undefined;
  }
}
