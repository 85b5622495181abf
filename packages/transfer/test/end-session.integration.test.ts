import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endSession, findSession } from '../src/index.ts';
import { pidOf, RUNS, until, useSessions, WAITS } from './sessions-of.ts';

const { connect, server } = useSessions('ending');
const READER = `ending_reader_${process.pid}`;

let client: pg.Client;
beforeAll(async () => {
  client = await connect('looker');
  await client.query(`create role ${READER}`);
});
afterAll(() => client.query(`drop role ${READER}`));

/** A session that holds a table, and one that waits for it. */
async function heldTable() {
  const [holder, waiter] = [await connect('holder'), await connect('waiter')];
  const pids = { holder: await pidOf(holder), waiter: await pidOf(waiter) };
  await holder.query('begin; lock table workflows');
  const waiting = waiter.query('select count(*) from workflows').then(
    () => 'done',
    (error) => error.code,
  );
  await until(client, WAITS, pids.waiter);
  return { holder, waiter, waiting, pids };
}

it('cancels a statement, whose session goes on', async () => {
  const { holder, waiter, waiting, pids } = await heldTable();
  await client.query('set default_transaction_read_only = on');
  const session = await findSession(client, pids.waiter, 'statement');
  expect(session).toMatchObject({
    pid: pids.waiter,
    user: server.user,
    application: 'waiter',
    statement: 'select count(*) from workflows',
  });
  await endSession(client, session, 'statement');
  await client.query('reset default_transaction_read_only');
  expect(await waiting).toBe('57014');
  expect(await pidOf(waiter)).toBe(pids.waiter);
  await Promise.all([holder.end(), waiter.end()]);
});

it('ends a session with its transaction, so that who waited gets through', async () => {
  const { waiter, waiting, pids } = await heldTable();
  await endSession(client, await findSession(client, pids.holder, 'session'), 'session');
  expect(await waiting).toBe('done');
  await waiter.end();
});

it('says that an idle session runs nothing to cancel', async () => {
  const { holder, waiter, waiting, pids } = await heldTable();
  await expect(findSession(client, pids.holder, 'statement')).rejects.toMatchObject({
    code: 'NOTHING_TO_CANCEL',
    message: expect.stringMatching(/idle in transaction/),
    suggestions: [expect.stringContaining(`spire db kill ${pids.holder} --terminate`)],
  });
  await holder.end();
  expect(await waiting).toBe('done');
  await waiter.end();
});

it('refuses itself, the server, other databases and who is gone', async () => {
  const find = (pid: number) => findSession(client, pid, 'session');
  await expect(find(await pidOf(client))).rejects.toMatchObject({ code: 'SESSION_REFUSED' });
  const { rows } = await client.query(
    `select pid from pg_stat_activity where backend_type = 'checkpointer'`,
  );
  await expect(find(rows[0].pid)).rejects.toMatchObject({
    code: 'SESSION_REFUSED',
    message: expect.stringMatching(/the server's own \(checkpointer\)/),
  });

  const gone = await connect();
  const pid = await pidOf(gone);
  await gone.end();
  await until(client, 'not exists (select from pg_stat_activity where pid = $1)', pid);
  await expect(find(pid)).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });

  const elsewhere = await connect('elsewhere', 'postgres');
  await expect(find(await pidOf(elsewhere))).rejects.toMatchObject({
    code: 'SESSION_REFUSED',
    message: expect.stringMatching(/in another database, postgres/),
  });
  await elsewhere.end();
});

it('lets go what a session began after it was looked at', async () => {
  const { holder, waiter, waiting, pids } = await heldTable();
  const session = await findSession(client, pids.waiter, 'statement');
  await holder.query('rollback; begin; lock table history');
  expect(await waiting).toBe('done');
  const later = waiter.query('select count(*) from history');
  await until(client, WAITS, pids.waiter);
  await expect(endSession(client, session, 'statement')).rejects.toMatchObject({
    code: 'SESSION_NOT_FOUND',
    message: expect.stringMatching(/has ended by itself/),
  });
  await holder.end();
  expect((await later).rows).toEqual([{ count: '0' }]);
  await waiter.end();
});

it('says that a statement goes on, and how to end it nevertheless', async () => {
  const stubborn = await connect('stubborn');
  const pid = await pidOf(stubborn);
  const running = stubborn
    .query(
      `do $$ begin
         for n in 1..1200 loop
           begin perform pg_sleep(0.1); exception when query_canceled then null; end;
         end loop;
       end $$`,
    )
    .catch((error) => error.code);
  await until(client, RUNS, pid);
  const session = await findSession(client, pid, 'statement');
  expect(session.statement).toBe('do ?');
  await expect(endSession(client, session, 'statement')).rejects.toMatchObject({
    code: 'SESSION_GOES_ON',
    suggestions: expect.arrayContaining([expect.stringMatching(/--terminate/)]),
  });
  await endSession(client, session, 'session');
  expect(await running).toBe('57P01');
});

it.each([
  ['may not see it', '', /may not see what pid/],
  ['may see, and not end it', 'pg_read_all_stats', /may not end what/],
])('denies a role that %s', async (_, member, message) => {
  const other = await connect('other');
  const pid = await pidOf(other);
  if (member) await client.query(`grant ${member} to ${READER}`);
  await client.query(`set role ${READER}`);
  const ending = findSession(client, pid, 'session').then((session) =>
    endSession(client, session, 'session'),
  );
  await expect(ending).rejects.toMatchObject({
    code: 'SESSION_DENIED',
    message: expect.stringMatching(message),
  });
  await client.query('reset role');
  expect(await pidOf(other)).toBe(pid);
  await other.end();
});
