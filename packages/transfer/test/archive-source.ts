import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { beforeAll } from 'vitest';
import type { Key } from '../src/archive/encryption.ts';
import { verifyArchive } from '../src/archive/verify-archive.ts';
import { TransferError } from '../src/errors.ts';
import type { Sessions } from '../src/session.ts';
import { fillEveryType } from './every-type.ts';
import type { TestSide } from './open-side.ts';
import { insertSampleRows } from './sample-rows.ts';
import { useSides } from './two-databases.ts';
import { useFolder } from './use-folder.ts';

/** What the backups of tests say of themselves. */
export const told = { environment: 'staging', protected: false, madeBy: 'spire test' };

/** Gives a test file a database with values of every type, to back it up into a folder. */
export function useArchiveSource(prefix: string) {
  const sides = useSides(prefix);
  const folder = useFolder();
  let source: TestSide;
  beforeAll(async () => {
    source = await sides.modern('staging');
    await insertSampleRows(source.client);
    await fillEveryType(source.client, 60, 20261128);
    await source.client.query(
      `insert into spire.quarantine (source_table, reason, row) values ('history', 'why', '{"a": "\\n"}')`,
    );
  });
  const connect = () => source.sessions.connect();
  return {
    sides,
    folder,
    at: (name: string) => join(folder, name),
    sessions: { connect } satisfies Sessions,
    get url(): string {
      return source.url;
    },
    get client(): pg.Client {
      return source.client;
    },
  };
}

/** Reads all of an archive. */
export const verify = (file: string, key?: Key) => verifyArchive(createReadStream(file), key);

/** The code of the error that something ends with, or `whole`. */
export async function codeOf(run: Promise<unknown>): Promise<unknown> {
  try {
    await run;
    return 'whole';
  } catch (error) {
    return error instanceof TransferError ? error.code : error;
  }
}
