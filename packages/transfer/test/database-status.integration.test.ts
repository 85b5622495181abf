import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDatabaseStatus } from '../src/index.ts';
import { pidOf, until, useSessions, WAITS } from './sessions-of.ts';

const { connect, database, server } = useSessions('status');
const READER = `status_reader_${process.pid}`;

let client: pg.Client;
beforeAll(async () => {
  client = await connect('looker');
  await client.query(`create role ${READER}`);
  await client.query(`
    insert into tags (label) select 'tag ' || n from generate_series(1, 2000) n;
    insert into workflows (name, description) values ('spire_adobe_30', 'x');
    analyze tags`);
  // Whoever waits for a lock is ended, and the test fails.
  await client.query(`set default_transaction_read_only = on; set lock_timeout = '2s'`);
});
afterAll(async () => {
  await client.query('reset default_transaction_read_only');
  await client.query(`drop role ${READER}`);
});

const bytesOf = (tables: readonly { name: string; bytes: number | null }[], name: string) =>
  tables.find((table) => table.name === name)?.bytes;

it('tells sizes with indexes, the largest first, in a session that may only read', async () => {
  const { tables, bytes, ...status } = await readDatabaseStatus(client);
  const { rows } = await client.query(
    `select pg_total_relation_size('tags')::int as tags, pg_relation_size('tags')::int as heap`,
  );
  expect(tables[0]).toEqual({ schema: 'public', name: 'tags', rows: 2000, bytes: rows[0].tags });
  expect(rows[0].tags).toBeGreaterThan(rows[0].heap);
  expect(tables.map((table) => table.bytes ?? 0)).toEqual(
    tables.map((table) => table.bytes ?? 0).toSorted((one, other) => other - one),
  );
  expect(tables).toContainEqual(expect.objectContaining({ schema: 'spire', name: 'migrations' }));
  expect(bytes).toBeGreaterThan(rows[0].tags);
  expect(status).toMatchObject({ database, hidden: 0, at: expect.stringMatching(/^\d{4}-.*T/) });
});

it('counts connections by what they have in common, and those elsewhere as used', async () => {
  const before = (await readDatabaseStatus(client)).connections;
  const others = [await connect('service'), await connect('service')];
  await others[0]?.query('begin');
  const { connections, oldestTransaction } = await readDatabaseStatus(client);
  const { rows } = await client.query(`select current_setting('max_connections')::int as max`);
  expect(connections.max).toBe(rows[0].max);
  expect(connections.groups).toEqual([
    ...before.groups,
    { user: server.user, application: 'service', state: 'idle in transaction', count: 1 },
    { user: server.user, application: 'service', state: 'idle', count: 1 },
  ]);
  // Other test files have theirs, on other databases.
  expect(connections.used).toBeGreaterThanOrEqual(2);
  expect(oldestTransaction).toMatchObject({
    application: 'service',
    state: 'idle in transaction',
    kind: 'client backend',
    statement: 'begin',
  });
  await Promise.all(others.map((other) => other.end()));
});

it('names the transaction that has been open for longest', async () => {
  const [first, second] = [await connect('first'), await connect('second')];
  for (const one of [first, second]) await one.query('begin; select 1');
  const { oldestTransaction } = await readDatabaseStatus(client);
  expect(oldestTransaction).toMatchObject({ application: 'first', pid: await pidOf(first) });
  await Promise.all([first.end(), second.end()]);
});

it('waits neither for who locks a table nor behind who is going to', async () => {
  const [holder, reader, waiter] = [await connect(), await connect(), await connect()];
  const pid = await pidOf(waiter);
  await holder.query('begin; lock table history in access exclusive mode');
  await reader.query('begin; select from workflows');
  const waiting = waiter.query('begin; lock table workflows in access exclusive mode');
  await until(client, WAITS, pid);
  const { tables } = await readDatabaseStatus(client);
  expect(['history', 'workflows', 'tags'].map((name) => bytesOf(tables, name))).toEqual([
    null,
    null,
    expect.any(Number),
  ]);
  await Promise.all([holder.end(), reader.end()]);
  await waiting;
  await waiter.end();
});

it('says how much is hidden from a role with few rights', async () => {
  const other = await connect('private');
  await other.query(`begin; select 'secret'`);
  await client.query(`set role ${READER}`);
  const status = await readDatabaseStatus(client);
  await client.query('reset role');
  expect(status.hidden).toBe(1);
  expect(status.connections.groups).toContainEqual({
    user: server.user,
    application: 'private',
    state: null,
    count: 1,
  });
  expect(status.oldestTransaction).toBeNull();
  expect(status.tables.length).toBeGreaterThan(10);
  await other.end();
});
