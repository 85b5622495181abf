import { sql } from 'drizzle-orm';
import type { Fault } from './fault.ts';
import { newSecret, type Stage } from './stage.ts';

/** Breaks a connection when its client says this. */
function breakAt({ proxy }: Stage, word: RegExp): void {
  proxy.tap = (direction, chunk) =>
    direction === 'client' && word.test(chunk.toString('latin1')) ? 'reset' : undefined;
}

async function lostCommit(stage: Stage, arrives: boolean) {
  const { open, journal, proxy, admin } = stage;
  const { transaction, pool } = await open();
  let calls = 0;
  let said = false;
  await journal.strike(() => {
    proxy.tap = (direction, chunk) => {
      const isCommit = direction === 'client' && /commit/i.test(chunk.toString('latin1'));
      said ||= isCommit;
      const isAnswer = said && direction === 'server';
      return (arrives ? isAnswer : isCommit) ? 'reset' : undefined;
    };
  });
  const outcome = await journal.attempt(() =>
    transaction(async (tx) => {
      calls += 1;
      await tx.execute(sql`update fault_items set value = value || 'x' where id = 1`);
    }),
  );
  proxy.tap = undefined;
  await journal.attempt(() => pool.query('select 1'));
  const { rows } = await admin.query('select value from fault_items where id = 1');
  return { calls, happened: rows[0].value === '0x', knows: !outcome.ok && outcome.code };
}

export const commitNeverArrives: Fault = {
  row: 8,
  title: 'the connection breaks before COMMIT arrives',
  run: (stage) => lostCommit(stage, false),
};

export const commitReplyLost: Fault = {
  row: 8,
  title: 'the connection breaks before the answer to COMMIT arrives',
  run: (stage) => lostCommit(stage, true),
};

export const beginFails: Fault = {
  row: 9,
  title: 'BEGIN fails again and again, with one connection',
  wishes: { max: 1, connectMillis: 1000 },
  async run(stage) {
    const { open, journal, proxy, side } = stage;
    const { transaction, pool } = await open();
    await journal.strike(() => breakAt(stage, /begin/i));
    // Where the first one takes the only connection along, the others wait for nothing.
    const times = side === 'spire' ? 50 : 4;
    for (let count = 0; count < times; count += 1) {
      await journal.attempt(() => transaction(async () => {}));
    }
    journal.heal(() => {
      proxy.tap = undefined;
    });
    const last = await journal.attempt(() => pool.query('select 1'));
    return { last: last.ok };
  },
};

export const rollbackFails: Fault = {
  row: 10,
  title: 'ROLLBACK fails after an error of the caller',
  wishes: { max: 1, connectMillis: 1000 },
  async run(stage) {
    const { open, journal, proxy } = stage;
    const { transaction, pool } = await open();
    await journal.strike(() => breakAt(stage, /rollback/i));
    const outcome = await journal.attempt(() =>
      transaction(async (tx) => {
        await tx.execute(sql`select 1`);
        throw new Error('the original');
      }),
    );
    proxy.tap = undefined;
    const destroyed = pool.totalCount === 0;
    await journal.attempt(() => pool.query('select 1'));
    return { original: !outcome.ok && outcome.code === 'the original', destroyed };
  },
};

export const violations: Fault = {
  row: 11,
  title: 'a hundred violations of a unique key',
  lasts: true,
  async run({ open, journal, proxy }) {
    const { orm, pool } = await open();
    const pid = async () => (await pool.query('select pg_backend_pid() as pid')).rows[0].pid;
    const before = [await pid(), proxy.accepted];
    const secret = newSecret();
    await journal.strike(() => {});
    for (let count = 0; count < 100; count += 1) {
      await journal.attempt(() =>
        orm.execute(sql`insert into fault_items (id, value) values (1, ${secret})`),
      );
    }
    const after = [await pid(), proxy.accepted];
    return { samePid: before[0] === after[0], connects: Number(after[1]) - Number(before[1]) };
  },
};

const WRITERS = 20;

export const serialization: Fault = {
  row: 27,
  title: 'twenty writers raise one counter in serializable transactions',
  async run({ open, journal, admin }) {
    const { transaction } = await open();
    let calls = 0;
    await journal.strike(() => {});
    const attempts = new Map<number, number>();
    const raise = async (writer: number) =>
      transaction(
        async (tx) => {
          calls += 1;
          attempts.set(writer, (attempts.get(writer) ?? 0) + 1);
          const { rows } = await tx.execute(sql`select value from fault_items where id = 1`);
          const value = String(Number(rows[0]?.value) + 1);
          await tx.execute(sql`update fault_items set value = ${value} where id = 1`);
        },
        { isolationLevel: 'serializable' },
      );
    const writers = Array.from({ length: WRITERS }, (_, index) => index);
    await Promise.all(writers.map((writer) => journal.attempt(() => raise(writer), 15_000)));
    const { rows } = await admin.query('select value from fault_items where id = 1');
    return { calls, most: Math.max(...attempts.values()), sum: Number(rows[0].value) };
  },
};

export const deadlocks: Fault = {
  row: 27,
  title: 'twenty writers lock two rows in opposite orders',
  async run({ open, journal, admin, role, database }) {
    await admin.query(`alter role ${role} in database ${database} set deadlock_timeout = '20ms'`);
    const { transaction } = await open();
    await journal.strike(() => {});
    let most = 0;
    const raise = (writer: number) => {
      let attempts = 0;
      const order = writer % 2 ? [1, 2] : [2, 1];
      return transaction(async (tx) => {
        attempts += 1;
        most = Math.max(most, attempts);
        for (const id of order) {
          await tx.execute(
            sql`update fault_items set value = (value::int + 1)::text where id = ${id}`,
          );
        }
      });
    };
    const writers = Array.from({ length: WRITERS }, (_, index) => index);
    await Promise.all(writers.map((writer) => journal.attempt(() => raise(writer), 15_000)));
    const { rows } = await admin.query('select sum(value::int)::int as sum from fault_items');
    return { most, sum: rows[0].sum };
  },
};
