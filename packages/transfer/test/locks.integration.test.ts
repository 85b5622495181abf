import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readLocks } from '../src/index.ts';
import { pidOf, until, useSessions, WAITS } from './sessions-of.ts';

const { connect } = useSessions('locks');
const READER = `locks_reader_${process.pid}`;

let client: pg.Client;
beforeAll(async () => {
  client = await connect('looker');
  await client.query(`insert into workflows (name, description) values ('spire_adobe_30', 'x')`);
  await client.query(`create role ${READER}`);
  await client.query('set default_transaction_read_only = on');
});
afterAll(async () => {
  await client.query('reset default_transaction_read_only');
  await client.query(`drop role ${READER}`);
});

/** One updates a row and stays; one waits for the row, and one, behind both, for the table. */
async function blockedSessions() {
  const [holder, second, third] = [
    await connect('holder'),
    await connect('second'),
    await connect('third'),
  ];
  const pids = await Promise.all([holder, second, third].map(pidOf));
  await holder.query(`begin; update workflows set description = 'Ann' where enabled = false`);
  const updating = second.query(`update workflows set description = 'Bob', is_proxy = true`);
  await until(client, WAITS, pids[1] ?? 0);
  const locking = third.query('begin; lock table workflows in access exclusive mode');
  await until(client, WAITS, pids[2] ?? 0);
  return {
    pids,
    async [Symbol.asyncDispose]() {
      await holder.end();
      await updating;
      await second.end();
      await locking;
      await third.end();
    },
  };
}

it('finds nothing where nobody waits', async () => {
  expect(await readLocks(client, 60)).toMatchObject({ waits: [], heads: [], long: [], hidden: 0 });
});

it('tells who waits for whom, and who stands at the head', async () => {
  await using blocked = await blockedSessions();
  const [holder, second, third] = blocked.pids;
  const { at, waits, heads } = await readLocks(client, 60);
  expect(
    waits.map(({ session, blockedBy }) => [session.pid, blockedBy.map(({ pid }) => pid)]),
  ).toEqual([
    [second, [holder]],
    [third, expect.arrayContaining([holder, second])],
  ]);
  expect(waits[0]).toMatchObject({
    table: null,
    mode: 'ShareLock',
    session: {
      application: 'second',
      state: 'active',
      statement: 'update workflows set description = ?, is_proxy = true',
    },
    blockedBy: [
      {
        application: 'holder',
        state: 'idle in transaction',
        statement: 'begin; update workflows set description = ? where enabled = false',
      },
    ],
  });
  expect(waits[1]).toMatchObject({ table: 'workflows', mode: 'AccessExclusiveLock' });
  for (const { since } of waits) {
    const seconds = (Date.parse(at) - Date.parse(since ?? '')) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(0);
    expect(seconds).toBeLessThan(20);
  }
  expect(heads.map(({ pid }) => pid)).toEqual([holder]);
});

it('lists the statements that run for longer than is asked', async () => {
  await using blocked = await blockedSessions();
  const [, second, third] = blocked.pids;
  const { long } = await readLocks(client, 0);
  expect(long.map(({ pid }) => pid)).toEqual([second, third]);
  expect((await readLocks(client, 60)).long).toEqual([]);
});

it('tells a role with few rights who waits for whom, and how much is hidden from it', async () => {
  await using blocked = await blockedSessions();
  const [holder, second] = blocked.pids;
  await client.query(`set role ${READER}`);
  const { waits, heads, long, hidden } = await readLocks(client, 0);
  await client.query('reset role');
  expect(waits[0]).toMatchObject({
    session: { pid: second, application: 'second', state: null, statement: null },
    since: expect.stringMatching(/T/),
    blockedBy: [{ pid: holder }],
  });
  expect([heads.map(({ pid }) => pid), long, hidden]).toEqual([[holder], [], 3]);
});
