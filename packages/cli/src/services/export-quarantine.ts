import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Client, readQuarantinedRows } from '@spire/migrate';
import { CliError } from '../errors.ts';

/**
 * Writes the rows that were set aside to a new file that only its owner may read, a line of JSON each: `id`,
 * `table`, `reason`, `setAsideAt`, `row`. The row is written as Postgres has it, so that no number is
 * rounded.
 *
 * @returns how many.
 * @throws CliError `USAGE` when the file is there already or can't be written.
 */
export async function exportQuarantine(
  client: Client,
  file: string,
  table?: string,
): Promise<number> {
  let count = 0;
  async function* lines() {
    for await (const one of readQuarantinedRows(client, table === undefined ? {} : { table })) {
      count += 1;
      const { id, table: from, reason, setAsideAt } = one;
      const head = JSON.stringify({ id, table: from, reason, setAsideAt });
      yield `${head.slice(0, -1)},"row":${one.row.replaceAll(/\s*\n\s*/g, ' ')}}\n`;
    }
  }
  try {
    await pipeline(Readable.from(lines()), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('E')) throw error;
    throw new CliError('USAGE', `${file} can't be written (${code}).`, ['Name a new file.']);
  }
  return count;
}
