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
  /** The row in drizzle's ledger; undefined when only Spire's own has it, where drizzle's lost it. */
  readonly id?: number;
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
  const keyOf = ({ hash, created_at }: Record<string, unknown>) => `${hash} ${created_at}`;
  const drizzles = rows.filter(({ id }) => id !== null);
  const ours = rows.filter(({ id }) => id === null);
  const tags = new Map(ours.map((row) => [keyOf(row), String(row.tag)]));
  const known = new Set(drizzles.map(keyOf));
  return [...drizzles, ...ours.filter((row) => !known.has(keyOf(row)))]
    .map((row) => {
      const tag = tags.get(keyOf(row));
      return {
        hash: String(row.hash),
        createdAt: Number(row.created_at),
        ...(row.id === null ? {} : { id: Number(row.id) }),
        ...(tag === undefined ? {} : { tag }),
      };
    })
    .sort((one, other) => one.createdAt - other.createdAt || (one.id ?? 0) - (other.id ?? 0));
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
  await recordForDrizzle(client, file);
  await client.query(
    `insert into spire.migrations (tag, hash, created_at, actor, duration_ms, tool_version)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (tag) do update set hash = excluded.hash, created_at = excluded.created_at,
       applied_at = now(), actor = excluded.actor, duration_ms = excluded.duration_ms,
       tool_version = excluded.tool_version`,
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

/** Records a migration in drizzle's ledger alone. */
export async function recordForDrizzle(
  client: Client,
  { hash, createdAt }: Pick<MigrationFile, 'hash' | 'createdAt'>,
): Promise<void> {
  await client.query(
    'insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)',
    [hash, createdAt],
  );
}

/** Forgets a migration in both ledgers. Call it in the transaction that takes the migration back. */
export async function forgetMigration(client: Client, row: LedgerRow): Promise<void> {
  if (row.id === undefined) {
    await client.query(
      'delete from drizzle.__drizzle_migrations where hash = $1 and created_at = $2',
      [row.hash, row.createdAt],
    );
  } else await forgetRow(client, row);
  await client.query('delete from spire.migrations where hash = $1 and (tag = $2 or $2 is null)', [
    row.hash,
    row.tag ?? null,
  ]);
}

/** Forgets one row of drizzle's ledger, and leaves Spire's own as it is. */
export async function forgetRow(client: Client, { id }: LedgerRow): Promise<void> {
  await client.query('delete from drizzle.__drizzle_migrations where id = $1', [id]);
}
