import type pg from 'pg';

/** What a client was told of a transaction. */
export type Fate = 'committed' | 'unknown' | 'failed';

/** What the table says to what the client was told. */
export interface LedgerReport {
  readonly committed: number;
  readonly unknown: number;
  readonly failed: number;
  /** Told committed, and not there. */
  readonly lost: number;
  /** Told failed, and there. */
  readonly revenants: number;
  /** Of the unknown ones, how many are there. */
  readonly unknownThere: number;
  /** There, and nobody was told anything of them. */
  readonly strangers: number;
}

/** Compares the table with the fates that were told. */
export async function auditLedger(
  client: pg.Client,
  fates: ReadonlyMap<string, Fate>,
): Promise<LedgerReport> {
  const { rows } = await client.query<{ id: string }>('select id from soak_ledger');
  const there = new Set(rows.map(({ id }) => id));
  const told = (fate: Fate) => [...fates].filter(([, one]) => one === fate).map(([id]) => id);
  const [committed, unknown, failed] = [told('committed'), told('unknown'), told('failed')];
  const found = (ids: readonly string[]) => ids.filter((id) => there.has(id)).length;
  return {
    committed: committed.length,
    unknown: unknown.length,
    failed: failed.length,
    lost: committed.length - found(committed),
    revenants: found(failed),
    unknownThere: found(unknown),
    strangers: [...there].filter((id) => !fates.has(id)).length,
  };
}
