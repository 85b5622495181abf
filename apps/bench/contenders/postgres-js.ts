import postgres from 'postgres';
import { CONNECTIONS, type Driver, RUNS, type Target } from '../driver.ts';

/** postgres.js, with the SDK's types. It prepares every statement, and sends one before the last was answered. */
export function drivePostgresJs({ url, statements }: Target): Driver {
  const sql = postgres(url, {
    max: CONNECTIONS,
    types: {
      day: { to: 1082, from: [1082], serialize: String, parse: (text: string) => text },
      int8: { to: 20, from: [20], serialize: String, parse: Number },
    },
  });
  const prepare = { prepare: true };
  return {
    workflow: async (id) => (await sql.unsafe(statements.workflow, [id], prepare))[0],
    runs: () => sql.unsafe(statements.runs, [RUNS], prepare),
    change: async (id, description) => {
      await sql.begin(async (tx) => {
        await tx.unsafe(statements.workflow, [id], prepare);
        await tx.unsafe(statements.change, [description, id], prepare);
      });
    },
    close: () => sql.end(),
  };
}
