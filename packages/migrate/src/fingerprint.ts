import type { Client } from './client.ts';
import { MigrateError } from './errors.ts';
import { WAIT_MILLIS, withMigrationLock } from './migration-lock.ts';

/** Which environment a database says it is; undefined when nobody has claimed it yet. */
export async function readFingerprint(client: Client): Promise<string | undefined> {
  const { rows: found } = await client.query(
    `select to_regclass('spire.environment') is not null as found`,
  );
  if (!found[0]?.found) return undefined;
  const { rows } = await client.query('select name from spire.environment');
  return rows[0] ? String(rows[0].name) : undefined;
}

/**
 * Writes into a database which environment it is. Claiming it again for the same one does nothing.
 *
 * @throws MigrateError `ENVIRONMENT_MISMATCH` when it is claimed for another; `MIGRATION_LOCKED`.
 * @example
 * await claimDatabase(client, 'staging');
 */
export async function claimDatabase(client: Client, environment: string): Promise<void> {
  if ((await readFingerprint(client)) === environment) return;
  // Under the lock, because `create ... if not exists` fails when two do it at the same time.
  const name = await withMigrationLock(client, WAIT_MILLIS, async () => {
    await client.query(`
      create schema if not exists spire;
      create table if not exists spire.environment (
        name text not null,
        claimed_at timestamptz not null default now(),
        one_row boolean primary key default true check (one_row)
      )`);
    await client.query('insert into spire.environment (name) values ($1) on conflict do nothing', [
      environment,
    ]);
    return readFingerprint(client);
  });
  if (name !== environment) throw mismatch(name, environment);
}

/**
 * Changes which environment a database says it is: for a copy that was restored from another one.
 *
 * @param from what it has to say until now.
 * @throws MigrateError `ENVIRONMENT_MISMATCH` when it says something else by now; `MIGRATION_LOCKED`.
 * @example
 * await reclaimDatabase(client, 'production', 'staging');
 */
export async function reclaimDatabase(
  client: Client,
  from: string,
  environment: string,
): Promise<void> {
  const name = await withMigrationLock(client, WAIT_MILLIS, async () => {
    await client.query(
      'update spire.environment set name = $2, claimed_at = now() where name = $1',
      [from, environment],
    );
    return readFingerprint(client);
  });
  if (name !== environment) throw mismatch(name, environment);
}

function mismatch(name: string | undefined, environment: string): MigrateError {
  return new MigrateError(
    'ENVIRONMENT_MISMATCH',
    `This database says that it is ${name}, not ${environment}.`,
    { suggestions: ['Check the host: nothing was changed.'] },
  );
}
