import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyMigrations, claimDatabase } from '@spire/migrate';
import { type PostgresServer, startPostgres } from '@spire/servers';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Home } from './spire-process.ts';
import { withClient } from './with-client.ts';

// `shared` is an environment like development: others work in it.

const home = new Home();
const HEAD = /^\d{4}_\w+$/;
let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgres({ lifetime: 'parent', tls: true });
  const ca = join(home.directory, 'ca.pem');
  writeFileSync(ca, postgres.ca ?? '');
  const section = (name: string, user: string, password: string) => `  ${name}:
    DB_HOSTNAME: localhost
    DB_PORT: ${postgres.port}
    DB_NAME: shared
    DB_USER: ${user}
    DB_PASSWORD: ${password}
    DB_CA_FILE: "${ca}"
`;
  mkdirSync(join(home.directory, '.spire'), { mode: 0o700 });
  writeFileSync(
    join(home.directory, '.spire', 'config.yml'),
    `environments:\n${section('shared', postgres.user, postgres.password)}${section('guest', 'guest', 'of the house')}`,
    { mode: 0o600 },
  );
  await postgres.createDatabase('shared');
  await withClient(postgres, 'shared', async (client) => {
    await applyMigrations(client, { actor: { name: 'test', toolVersion: '0' } });
    await claimDatabase(client, 'shared');
    await client.query(`create role guest login password 'of the house'`);
  });
});
afterAll(async () => {
  await postgres?.stop();
  await home.end();
});

/** A session that holds the workflows, and one that waits for them with a value in its statement. */
async function heldWorkflows() {
  const [holder, waiter] = ['holder', 'waiter'].map((application_name) => {
    const client = new pg.Client({
      connectionString: postgres.connectionString('shared'),
      application_name,
    });
    client.on('error', () => {});
    return client;
  }) as [pg.Client, pg.Client];
  await Promise.all([holder.connect(), waiter.connect()]);
  const pidOf = async (client: pg.Client): Promise<number> =>
    (await client.query('select pg_backend_pid() as pid')).rows[0].pid;
  const pids = { holder: await pidOf(holder), waiter: await pidOf(waiter) };
  await holder.query('begin; lock table workflows');
  const waiting = waiter.query(`select from workflows where name = 'canary'`).then(
    () => 'done',
    (error) => error.code,
  );
  const deadline = Date.now() + 10_000;
  const asked = 'select from pg_locks where pid = $1 and not granted';
  while ((await holder.query(asked, [pids.waiter])).rowCount === 0) {
    if (Date.now() > deadline) throw new Error('it never waited');
  }
  return {
    pids,
    waiting,
    async [Symbol.asyncDispose]() {
      await Promise.all([holder.end(), waiting]);
      await waiter.end();
    },
  };
}

const on = ['-e', 'shared'];
const db = (...args: string[]) => home.spire(['db', ...args, ...on]);

it('status shows size, version, connections and the oldest transaction', async () => {
  await using held = await heldWorkflows();
  const { exitCode, stdout } = await db('status');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^database +shared, [\d.]+ MB$/m);
  expect(stdout).toMatch(/^claimed as +shared$/m);
  expect(stdout).toMatch(/^version +\d{4}_\w+, nothing pending$/m);
  expect(stdout).toMatch(/^connections +2 of 200, 2 of them here$/m);
  expect(stdout).toMatch(
    new RegExp(
      `^oldest transaction +\\d s: \\w+ \\(holder, pid ${held.pids.holder}\\), idle in transaction$`,
      'm',
    ),
  );
  // It is locked, and status doesn't wait for it.
  expect(stdout).toMatch(/^workflows +locked/m);
  expect(stdout).toMatch(/^history +[\d.]+ kB/m);
  const { spire } = await home.json('db', 'status', ...on);
  expect(spire).toEqual({
    claimedAs: 'shared',
    version: expect.stringMatching(HEAD),
    pending: [],
    alembic: null,
  });
});

it('locks shows who waits for whom without values, and what helps', async () => {
  await using held = await heldWorkflows();
  const { exitCode, stdout, stderr } = await db('locks', '--longer-than', '0');
  const { holder, waiter } = held.pids;
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    new RegExp(
      `\\d s +\\w+ \\(waiter, pid ${waiter}\\), active +\\w+ \\(holder, pid ${holder}\\), idle in transaction +workflows \\(AccessShareLock\\) +select from workflows where name = \\?$`,
      'm',
    ),
  );
  expect(stdout).toMatch(
    new RegExp(`^\\d s +\\w+ \\(waiter, pid ${waiter}\\), active +select`, 'm'),
  );
  expect(stdout + JSON.stringify(await home.json('db', 'locks', ...on))).not.toContain('canary');
  // The line that helps is one that does.
  const [, line = ''] = /: spire (db kill .*)$/m.exec(stderr) ?? [];
  expect(line).toBe(`db kill ${holder} --terminate -e shared`);
  expect((await home.spire([...line.split(' '), '--confirm', 'shared'])).exitCode).toBe(0);
  expect(await held.waiting).toBe('done');
});

it('kill shows whom it hits and wants that confirmed, and then cancels', async () => {
  await using held = await heldWorkflows();
  const pid = String(held.pids.waiter);
  const refused = await db('kill', pid);
  expect(refused.exitCode).toBe(3);
  expect(refused.stderr).toMatch(
    new RegExp(
      `shared: localhost, database shared, as \\w+\\n\\w+ \\(waiter, pid ${pid}\\), active from [\\d.:]+, connected since .*\\n +select from workflows where name = \\?\\n`,
    ),
  );
  expect(refused.stderr).toMatch(/Not confirmed: this cancels a statement\. Nothing was changed\./);
  const [, line = ''] = /If you mean it: spire (.*)/.exec(refused.stderr) ?? [];
  const { exitCode, stdout } = await home.spire(line.split(' '));
  expect([exitCode, stdout]).toEqual([0, `The statement of pid ${pid} has ended.\n`]);
  expect(await held.waiting).toBe('57014');
});

it('kill --json tells what has ended', async () => {
  await using held = await heldWorkflows();
  const pid = held.pids.holder;
  const idle = await home.json('db', 'kill', String(pid), '--confirm', 'shared', ...on);
  expect(idle.error).toMatchObject({
    code: 'NOTHING_TO_CANCEL',
    suggestions: [expect.stringContaining(`spire db kill ${pid} -e shared --terminate`)],
  });
  const ended = await home.json(
    'db',
    'kill',
    String(pid),
    '--terminate',
    '--confirm',
    'shared',
    ...on,
  );
  expect(ended).toMatchObject({ environment: 'shared', ended: 'session', session: { pid } });
  expect(await held.waiting).toBe('done');
});

it.each([
  ['999999999', 1, /There is no session with pid 999999999/],
  ['0', 2, /^Error: PID: expected/],
  ['all', 2, /^Error: PID: expected/],
])('kill %s is an error', async (pid, code, message) => {
  const { exitCode, stderr } = await db('kill', pid, '--terminate', '--confirm', 'shared');
  expect([exitCode, stderr]).toEqual([code, expect.stringMatching(message)]);
});

it('a role with few rights sees what it may, and is told what it may not', async () => {
  await using held = await heldWorkflows();
  const guest = (...args: string[]) => home.spire(['db', ...args, '-e', 'guest']);
  const status = await guest('status');
  expect(status.stdout).toMatch(/^version +hidden from this role$/m);
  expect(status.stderr).toMatch(/2 sessions hide what they do from this role/);
  const locks = await guest('locks');
  expect(locks.stdout).toMatch(/\(waiter, pid \d+\), state hidden +\w+ \(holder/);
  const kill = await guest('kill', String(held.pids.holder), '--confirm', 'guest');
  expect([kill.exitCode, kill.stderr]).toEqual([1, expect.stringMatching(/SESSION_DENIED/)]);
});
