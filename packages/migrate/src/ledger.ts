import type { MigrationFile } from '@spire/schema';
import type { Client } from './client.ts';

/** A migration that the database says was applied. */
export interface LedgerRow {
  /** SHA-256 of the file as it was applied. */
  readonly hash: string;
  /** The journal's `when` of that file, milliseconds since 1970. */
  readonly createdAt: number;
}

/** Who applied something, with which tool. */
export interface Actor {
  readonly name: string;
  readonly toolVersion: string;
}

/** Reads what was applied, oldest first. A database that never saw a migration has nothing. */
export async function readLedger(client: Client): Promise<LedgerRow[]> {
  const { rows: found } = await client.query(
    `select to_regclass('drizzle.__drizzle_migrations') is not null as found`,
  );
  if (!found[0]?.found) return [];
  const { rows } = await client.query(
    'select hash, created_at from drizzle.__drizzle_migrations order by created_at, id',
  );
  return rows.map((row) => ({ hash: String(row.hash), createdAt: Number(row.created_at) }));
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
      applied_at timestamptz not null default now(),
      actor text not null,
      duration_ms integer not null,
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
    `insert into spire.migrations (tag, hash, actor, duration_ms, tool_version)
     values ($1, $2, $3, $4, $5)`,
    [file.tag, file.hash, actor.name, Math.round(durationMillis), actor.toolVersion],
  );
}
