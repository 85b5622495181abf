import pg from 'pg';
import { CONNECTIONS, type Driver, RUNS, type Statements, type Target } from '../driver.ts';

/** A date as text and a bigint as a number, as the SDK gives them. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    PARSERS.get(oid) ?? pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};
const { DATE, INT8 } = pg.types.builtins;
const PARSERS = new Map<number, (text: string) => unknown>([
  [DATE, (text) => text],
  [INT8, Number],
]);

/** A bare pool of pg; those who name types of their own get those. */
export function openPool({ url }: Target): pg.Pool {
  return new pg.Pool({ connectionString: url, max: CONNECTIONS, types });
}

/**
 * pg over a pool.
 *
 * @param named whether statements have names: Postgres then reads and plans them once a connection.
 */
export function drivePg(
  pool: pg.Pool,
  statements: Statements,
  named: boolean,
  close = () => pool.end(),
): Driver {
  const query = (statement: keyof Statements, values: unknown[]) => ({
    ...(named ? { name: `bench_${statement}` } : {}),
    text: statements[statement],
    values,
    types,
  });
  return {
    async workflow(id) {
      const { rows } = await pool.query(query('workflow', [id]));
      return rows[0];
    },
    async runs() {
      const { rows } = await pool.query(query('runs', [RUNS]));
      return rows;
    },
    async change(id, description) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        await client.query(query('workflow', [id]));
        await client.query(query('change', [description, id]));
        await client.query('commit');
        client.release();
      } catch (error) {
        client.release(true);
        throw error;
      }
    },
    close,
  };
}
