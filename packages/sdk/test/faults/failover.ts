import { setTimeout as pause } from 'node:timers/promises';
import { type PostgresServer, startPostgres, startStandby } from '@spire/servers';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import type { Fault } from './fault.ts';
import type { Stage } from './stage.ts';

type Pair = { primary: PostgresServer; standby: Awaited<ReturnType<typeof startStandby>> };

/** A primary and its standby, of which the proxy leads to the primary. */
async function withPair<T>(stage: Stage, run: (pair: Pair) => Promise<T>): Promise<T> {
  const { terms, proxy } = stage;
  const { user, password, database } = terms();
  const primary = await startPostgres({ lifetime: 'parent' });
  try {
    const admin = new pg.Client({ connectionString: await primary.createDatabase(database) });
    await admin.connect();
    await admin.query(`
      create role ${user} login password '${password}' in role pg_read_all_data, pg_write_all_data;
      create table fault_items (id int primary key, value text not null)`);
    await admin.end();
    const standby = await startStandby(primary);
    try {
      proxy.target = primary;
      return await run({ primary, standby });
    } finally {
      await standby.stop();
    }
  } finally {
    await primary.stop();
  }
}

/**
 * Writes, fifty times a second, while something happens.
 *
 * @returns how many rows were promised.
 */
async function writeDuring({ open, journal }: Stage, run: () => Promise<void>): Promise<number> {
  const { transaction } = await open();
  let going = true;
  let last = 0;
  const write = () => {
    last += 1;
    const id = last;
    return transaction((tx) => tx.execute(sql`insert into fault_items values (${id}, 'written')`));
  };
  const load = journal.load(50, () => going, write);
  await pause(300);
  await run();
  await pause(1500);
  going = false;
  return (await load).filter(({ ok }) => ok).length;
}

async function rowsOf(server: PostgresServer, database: string): Promise<number> {
  const client = new pg.Client({ connectionString: server.connectionString(database) });
  await client.connect();
  const { rows } = await client.query('select count(*)::int as n from fault_items');
  await client.end();
  return rows[0].n;
}

export const replicaAnswers: Fault = {
  row: 28,
  title: 'the name of the writer leads to a replica for a second, under load',
  wishes: { connectMillis: 500 },
  run: (stage) =>
    withPair(stage, async ({ primary, standby }) => {
      const { journal, proxy, database } = stage;
      const promised = await writeDuring(stage, async () => {
        await journal.strike(() => {
          proxy.target = standby;
          proxy.reset();
        });
        await pause(1000);
        journal.heal(() => {
          proxy.target = primary;
        });
      });
      const lost = promised - (await rowsOf(primary, database));
      return { lost, failedLater: journal.failedLater(20) };
    }),
};

export const promoted: Fault = {
  row: 28,
  title: 'the primary ends and its standby is promoted, under load',
  run: (stage) =>
    withPair(stage, async ({ primary, standby }) => {
      const { journal, proxy, database } = stage;
      const promised = await writeDuring(stage, async () => {
        await journal.strike(async () => {
          proxy.target = standby;
          await primary.stop();
        });
        await pause(300);
        await standby.promote();
        journal.heal();
      });
      return { lost: promised - (await rowsOf(standby, database)) };
    }),
};
