import type { MigrationFile } from '@spire/schema';
import type { Client } from './client.ts';

/** A migration that the database says was applied. */
export interface LedgerRow {
  /** SHA-256 of the file as it was applied. */
  readonly hash: string;
  /** The journal's `when` of that file, milliseconds since 1970. */
  readonly createdAt: number;
  /** Its name; undefined when drizzle's own migrator applied it, which keeps none. */
  readonly tag?: string;
}

/** Who applied something, with which tool. */
export interface Actor {
  readonly name: string;
  readonly toolVersion: string;
}

/** Reads what was applied, oldest first. A database that never saw a migration has nothing. */
export async function readLedger(client: Client): Promise<LedgerRow[]> {
  const drizzle = 'select id, hash, created_at, null as tag from drizzle.__drizzle_migrations';
  // In a new session a join is planned for longer than all of this takes.
  const { rows } = await firstThatWorks(client, [
    `${drizzle} union all select null, hash, created_at, tag from spire.migrations`,
    drizzle,
  ]);
  const applied = rows.filter(({ id }) => id !== null);
  const tags = new Map(
    rows
      .filter(({ id }) => id === null)
      .map(({ hash, created_at, tag }) => [`${hash} ${created_at}`, String(tag)]),
  );
  return applied
    .sort(
      (one, other) =>
        Number(one.created_at) - Number(other.created_at) || Number(one.id) - Number(other.id),
    )
    .map(({ hash, created_at }) => {
      const tag = tags.get(`${hash} ${created_at}`);
      return {
        hash: String(hash),
        createdAt: Number(created_at),
        ...(tag === undefined ? {} : { tag }),
      };
    });
}

/** A question to tables that may not be there, the most telling one first. */
async function firstThatWorks(client: Client, questions: string[]) {
  for (const question of questions) {
    try {
      return await client.query(question);
    } catch (error) {
      // No such table, or no such schema.
      if (!['42P01', '3F000'].includes((error as { code?: string }).code ?? '')) throw error;
    }
  }
  return { rows: [] };
}

/** Makes the ledgers unless they are there: drizzle's, and Spire's own beside it. */
export async function ensureLedger(client: Client): Promise<void> {
  await client.query(`
    create schema if not exists drizzle;
    create table if not exists drizzle.__drizzle_migrations (
      id serial primary key, hash text not null, created_at bigint
    );
    create schema if not exists spire;
    create table if not exists spire.migrations (
      tag text primary key,
      hash text not null,
      created_at bigint not null,
      applied_at timestamptz not null default now(),
      actor text not null,
      duration_ms integer not null,
      tool_version text not null
    );
    create table if not exists spire.repairs (
      id bigint generated always as identity primary key,
      tag text not null,
      change text not null,
      reason text not null,
      repaired_at timestamptz not null default now(),
      actor text not null,
      tool_version text not null
    )`);
}

/** Records a migration in both ledgers. Call it in the migration's own transaction. */
export async function recordMigration(
  client: Client,
  file: MigrationFile,
  actor: Actor,
  durationMillis: number,
): Promise<void> {
  await client.query(
    'insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)',
    [file.hash, file.createdAt],
  );
  await client.query(
    `insert into spire.migrations (tag, hash, created_at, actor, duration_ms, tool_version)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      file.tag,
      file.hash,
      file.createdAt,
      actor.name,
      Math.round(durationMillis),
      actor.toolVersion,
    ],
  );
}

/** Forgets a migration in both ledgers. Call it in the transaction that takes the migration back. */
export async function forgetMigration(
  client: Client,
  { hash, createdAt }: LedgerRow,
): Promise<void> {
  const row = [hash, createdAt];
  await client.query(
    'delete from drizzle.__drizzle_migrations where hash = $1 and created_at = $2',
    row,
  );
  await client.query('delete from spire.migrations where hash = $1 and created_at = $2', row);
}
