import type { Fault } from './fault.ts';
import { until } from './stage.ts';

export const WAIT_MILLIS = 500;

export const exhausted: Fault = {
  row: 25,
  title: 'all connections are in use',
  wishes: { max: 2, connectMillis: WAIT_MILLIS },
  async run({ open, journal }) {
    const { pool } = await open();
    const held = [await pool.connect(), await pool.connect()];
    await journal.strike(() => {});
    const outcome = await journal.attempt(() => pool.query('select 1'));
    journal.heal(() => {
      for (const client of held) client.release();
    });
    await journal.attempt(() => pool.query('select 1'));
    const message = outcome.ok ? '' : (outcome.error as Error).message;
    return { millis: outcome.millis, message };
  },
};

export const tooManyWait: Fault = {
  row: 25,
  title: 'more callers wait for a connection than may',
  wishes: { max: 1, connectMillis: 2000, spire: { pool: { maxWaiting: 3 } } },
  async run({ open, journal }) {
    const { pool } = await open();
    const held = await pool.connect();
    const waiting = Array.from({ length: 3 }, () => pool.query('select 1'));
    await journal.strike(() => {});
    const { millis } = await journal.attempt(() => pool.query('select 1'));
    held.release();
    await Promise.all(waiting);
    await journal.attempt(() => pool.query('select 1'));
    return { millis };
  },
};

const DRAIN_MILLIS = 3000;

export const sigterm: Fault = {
  row: 26,
  title: 'SIGTERM, while 20 run and 20 wait',
  wishes: { max: 20, connectMillis: 10_000 },
  async run({ open, journal, sessions, admin, role }) {
    const { pool, spire, close } = await open();
    const running = Array.from({ length: 20 }, () =>
      journal.attempt(() => pool.query('select pg_sleep(0.8)'), 5000),
    );
    const sleeps = `select from pg_stat_activity where usename = $1 and wait_event = 'PgSleep'`;
    await until(async () => (await admin.query(sleeps, [role])).rowCount === 20);
    const waiting = Array.from({ length: 20 }, () =>
      journal.attempt(() => pool.query('select 1'), 5000),
    );
    const { promise: ended, resolve: end } = Promise.withResolvers<unknown>();
    process.once('SIGTERM', () =>
      (spire ? spire.close({ drainMillis: DRAIN_MILLIS }) : close()).then(end, end),
    );
    await journal.strike(() => process.kill(process.pid, 'SIGTERM'));
    const finished = (await Promise.all(running)).filter(({ ok }) => ok).length;
    const report = await ended;
    const millis = journal.sinceStrike;
    await until(async () => (await sessions()) === 0, 500);
    const left = await sessions();
    const told = (await Promise.all(waiting)).map((outcome) => (outcome.ok ? 'ok' : outcome.code));
    return { finished, told: [...new Set(told)], millis, left, report };
  },
};
