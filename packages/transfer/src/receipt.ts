import type { Actor, Client } from '@spire/migrate';
import type { CopiedTable } from './fill-incoming.ts';
import type { Replaced } from './swap.ts';

/** How the tables of a database were replaced. */
export type TransferKind = 'refresh' | 'rebuild' | 'restore';

/** What is noted in a database of a transfer that replaced its tables. */
export interface Receipt {
  readonly id: number;
  readonly kind: TransferKind;
  /** The environment or the file that the rows came from; null: none came. */
  readonly source: string | null;
  readonly finishedAt: Date;
  readonly durationMillis: number;
  readonly actor: string;
  readonly tables: readonly CopiedTable[];
  readonly replaced: Replaced;
  /** Until when the tables of before are kept. */
  readonly keptUntil: Date;
  readonly undoneAt: Date | null;
}

/** Notes a transfer. Call it in the transaction that does it. */
export async function writeReceipt(
  client: Client,
  receipt: Pick<Receipt, 'kind' | 'source' | 'durationMillis' | 'tables' | 'replaced'>,
  keepDays: number,
  actor: Actor,
): Promise<Receipt> {
  await client.query(`
    create schema if not exists spire;
    create table if not exists spire.transfers (
      id bigint generated always as identity primary key,
      kind text not null,
      source text,
      finished_at timestamptz not null default now(),
      duration_ms integer not null,
      actor text not null,
      tool_version text not null,
      tables jsonb not null,
      replaced text not null,
      kept_until timestamptz not null,
      undone_at timestamptz
    )`);
  const { rows } = await client.query(
    `insert into spire.transfers
       (kind, source, duration_ms, actor, tool_version, tables, replaced, kept_until)
     values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(days => $8))
     returning *`,
    [
      receipt.kind,
      receipt.source,
      Math.round(receipt.durationMillis),
      actor.name,
      actor.toolVersion,
      JSON.stringify(receipt.tables),
      receipt.replaced,
      keepDays,
    ],
  );
  return toReceipt(rows[0] ?? {});
}

/** Reads what was noted last; undefined where nothing was ever moved. */
export async function readLastReceipt(client: Client): Promise<Receipt | undefined> {
  const { rows: found } = await client.query(
    `select to_regclass('spire.transfers') is not null as found`,
  );
  if (!found[0]?.found) return undefined;
  const { rows } = await client.query('select * from spire.transfers order by id desc limit 1');
  return rows[0] && toReceipt(rows[0]);
}

function toReceipt(row: Record<string, unknown>): Receipt {
  return {
    id: Number(row.id),
    kind: row.kind as TransferKind,
    source: row.source as string | null,
    finishedAt: row.finished_at as Date,
    durationMillis: Number(row.duration_ms),
    actor: String(row.actor),
    tables: row.tables as CopiedTable[],
    replaced: row.replaced as Replaced,
    keptUntil: row.kept_until as Date,
    undoneAt: row.undone_at as Date | null,
  };
}
