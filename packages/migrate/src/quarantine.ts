import type { Client } from './client.ts';

/** What became of a table's rows that Alembic left. `found` is the sum of the other three. */
export interface LegacyTable {
  readonly table: string;
  /** Where the rows are now that were carried over or merged. */
  readonly target: string;
  readonly found: number;
  readonly carried: number;
  readonly merged: number;
  readonly quarantined: number;
}

/** Rows of one table that were set aside for one reason. */
export interface QuarantineGroup {
  readonly table: string;
  readonly reason: string;
  readonly rows: number;
}

/** A row that was set aside. */
export interface QuarantinedRow {
  readonly id: number;
  readonly table: string;
  readonly reason: string;
  /** The row as JSON, as it was in its table. It may hold what `JSON.parse` rounds. */
  readonly row: string;
  readonly setAsideAt: Date;
}

/** Reads what became of the rows that Alembic left, by table. Empty where nothing was migrated yet. */
export async function readLegacyTables(client: Client): Promise<LegacyTable[]> {
  if (!(await exists(client, 'spire.legacy_rows'))) return [];
  const { rows } = await client.query(
    'select * from spire.legacy_rows where carried is not null order by source_table collate "C"',
  );
  return rows.map((row) => ({
    table: String(row.source_table),
    target: String(row.target_table),
    found: Number(row.found),
    carried: Number(row.carried),
    merged: Number(row.merged),
    quarantined: Number(row.quarantined),
  }));
}

/** Counts what was set aside, by table and reason. */
export async function readQuarantineGroups(
  client: Client,
  table?: string,
): Promise<QuarantineGroup[]> {
  if (!(await exists(client, 'spire.quarantine'))) return [];
  const { rows } = await client.query(
    `select source_table, reason, count(*) as rows from spire.quarantine
     where $1::text is null or source_table = $1
     group by source_table, reason order by source_table collate "C", count(*) desc, reason`,
    [table ?? null],
  );
  return rows.map((row) => ({
    table: String(row.source_table),
    reason: String(row.reason),
    rows: Number(row.rows),
  }));
}

/**
 * Reads the rows that were set aside, in pages, in the order in which they were.
 *
 * @param options.table of one table only.
 * @param options.limit rows a page. Default: 1,000.
 * @example
 * for await (const row of readQuarantinedRows(client)) console.log(row.row);
 */
export async function* readQuarantinedRows(
  client: Client,
  options: { readonly table?: string; readonly limit?: number } = {},
): AsyncGenerator<QuarantinedRow> {
  if (!(await exists(client, 'spire.quarantine'))) return;
  const { table = null, limit = 1000 } = options;
  for (let after = '0'; ; ) {
    const { rows } = await client.query(
      `select id, source_table, reason, row::text as row, set_aside_at from spire.quarantine
       where id > $1 and ($2::text is null or source_table = $2) order by id limit $3`,
      [after, table, limit],
    );
    for (const row of rows) {
      yield {
        id: Number(row.id),
        table: String(row.source_table),
        reason: String(row.reason),
        row: String(row.row),
        setAsideAt: row.set_aside_at as Date,
      };
    }
    const last = rows.at(-1);
    if (!last || rows.length < limit) return;
    after = String(last.id);
  }
}

async function exists(client: Client, table: string): Promise<boolean> {
  const { rows } = await client.query('select to_regclass($1) is not null as found', [table]);
  return Boolean(rows[0]?.found);
}
