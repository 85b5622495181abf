import type { Client } from '../client.ts';

/** What the text of a definition depends on. */
const SETTINGS = {
  // Nothing but Postgres' own is called without its schema; temporary tables shadow nothing.
  search_path: 'pg_catalog, pg_temp',
  quote_all_identifiers: 'off',
  standard_conforming_strings: 'on',
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  lc_monetary: 'C',
};

const apply = `
  select name, pg_catalog.current_setting(name) as was, pg_catalog.set_config(name, value, false)
  from rows from (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[]))
    as wanted (name, value)`;

/** Runs something while definitions print the same in every session, then sets all back. */
export async function inNeutralSession<T>(client: Client, run: () => Promise<T>): Promise<T> {
  const { rows } = await client.query(apply, [Object.keys(SETTINGS), Object.values(SETTINGS)]);
  try {
    return await run();
  } finally {
    const before = [rows.map(({ name }) => name), rows.map(({ was }) => was)];
    // A transaction that failed sets them back itself.
    await client.query(apply, before).catch(() => {});
  }
}

/** The major version of a server, such as 18. */
export async function readMajor(client: Client): Promise<number> {
  const { rows } = await client.query(
    `select pg_catalog.current_setting('server_version_num') as version`,
  );
  return Math.floor(Number(rows[0]?.version) / 10_000);
}
