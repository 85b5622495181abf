import type { Fault } from './fault.ts';
import { type Stage, socketOf, until } from './stage.ts';

export const idleTerminated: Fault = {
  row: 1,
  title: 'an idle backend is terminated',
  async run({ open, journal, terminate }) {
    const { pool } = await open();
    let removed = false;
    pool.once('remove', () => {
      removed = true;
      journal.notice();
    });
    await journal.strike(terminate);
    await until(() => removed);
    await journal.attempt(() => pool.query('select 1'));
    return { removed };
  },
};

export const terminatedDuringQuery: Fault = {
  row: 2,
  title: 'a backend is terminated while it runs a query',
  run: (stage) => breakQuery(stage, stage.terminate),
};

export const heldTerminated: Fault = {
  row: 3,
  title: 'a backend is terminated while its client is held, between two queries',
  async run({ open, journal, terminate }) {
    const { pool, hold } = await open();
    let rejected = false;
    await journal.attempt(() =>
      hold(async (client) => {
        await journal.strike(terminate);
        await until(() => socketOf(client).destroyed);
        await client.query('select 1').catch((error) => {
          rejected = true;
          throw error;
        });
      }),
    );
    const destroyed = pool.totalCount === 0;
    await journal.attempt(() => pool.query('select 1'));
    return { rejected, destroyed };
  },
};

export const allTerminated: Fault = {
  row: 4,
  title: 'all ten backends are terminated under 200 queries a second',
  async run({ open, journal, terminate, sessions }) {
    const { pool } = await open();
    await Promise.all(Array.from({ length: 10 }, () => pool.query('select pg_sleep(0.1)')));
    const sessionsBefore = await sessions();
    let going = true;
    const load = journal.load(
      200,
      () => going,
      () => pool.query('select pg_sleep(0.02)'),
    );
    await pool.query('select pg_sleep(0.3)');
    await journal.strike(terminate);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    going = false;
    await load;
    return { open: sessionsBefore, failedLater: journal.failedLater(20) };
  },
};

export const reset: Fault = {
  row: 5,
  title: 'a TCP reset while a query runs',
  run: (stage) => breakQuery(stage, () => stage.proxy.reset()),
};

async function breakQuery({ open, journal, admin, role }: Stage, fault: () => unknown) {
  const { pool } = await open();
  const running = journal.attempt(() => pool.query('select pg_sleep(2)'));
  await until(async () => {
    const sleeps = `select from pg_stat_activity where usename = $1 and wait_event = 'PgSleep'`;
    return (await admin.query(sleeps, [role])).rowCount === 1;
  });
  await journal.strike(fault);
  const broken = await running;
  await journal.attempt(() => pool.query('select 1'));
  const { sqlstate } = (broken.ok ? {} : broken.error) as { sqlstate?: string };
  return { sqlstate };
}
