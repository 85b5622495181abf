import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProtected } from './protected-databases.ts';
import { BINS, ended, Home } from './spire-process.ts';

// What is done to a protected database on purpose; what is done by accident is in production-safety.

let databases: Awaited<ReturnType<typeof startProtected>>;
let home: Home;

beforeAll(async () => {
  databases = await startProtected();
  home = databases.newHome();
});
afterAll(async () => {
  await home?.end();
  await databases?.stop();
});

describe('with confirmation', () => {
  it('the line that was printed works when it is pasted', async () => {
    const sql = `update workflows set description = 'it''s "done"' where name = 'spire_kept_1'`;
    const refused = await home.spire(['db', 'query', sql, '--write', '-e', 'vital']);
    const line = /If you mean it: spire (.*)/.exec(refused.stderr)?.[1] ?? '';
    const node = [process.execPath, BINS.build].map((word) => `'${word}'`).join(' ');
    const pasted = await ended(
      spawn('/bin/sh', ['-c', `${node} ${line}`], { env: home.variables }),
    );
    expect(pasted.exitCode).toBe(0);
    const { rows } = await databases.withClient('vital', (client) =>
      client.query('select description from workflows'),
    );
    expect(rows).toEqual([{ description: `it's "done"` }]);
  });

  it('the line for psql confirms to spire, and leaves to psql what is its own', async () => {
    const refused = await home.spire(['db', 'psql', '--write', '-e', 'vital', '--', '-c', "'"]);
    expect(refused.stderr).toContain(
      `spire db psql --write -e vital --confirm vital -- -c ''\\'''`,
    );
  });

  it('a database that nobody has claimed is claimed by its first migration', async () => {
    await databases.postgres.createDatabase('fresh');
    const variables = { DEPLOYMENT_ENV: 'vital', DB_NAME: 'fresh' };
    const other = new Home({ ...home.variables, ...variables, HOME: home.directory });
    const up = ['migrate', 'up', '-e', 'vital'];
    const refused = await other.spire([
      'db',
      'query',
      'create table x ()',
      '--write',
      ...up.slice(2),
      '--confirm',
      'vital',
    ]);
    expect(refused.stderr).toMatch(/ENVIRONMENT_UNCLAIMED/);
    const unconfirmed = await other.spire(up);
    expect(unconfirmed.exitCode).toBe(3);
    const [, word = ''] = / --confirm (\S+)/.exec(unconfirmed.stderr) ?? [];
    expect((await other.spire([...up, '--confirm', word])).exitCode).toBe(0);
    expect(await other.json('migrate', 'status', '-e', 'vital')).toMatchObject({
      environments: [{ claimedAs: 'vital', pending: [] }],
    });
    await other.end();
  });

  it('a workflow is enabled, and the target is said first', async () => {
    const { exitCode, stderr } = await home.spire([
      'workflows',
      'enable',
      'spire_kept_1',
      '-e',
      'vital',
      '--confirm',
      'vital',
    ]);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/Writing to vital: localhost, database vital, as postgres/);
  });
});

it.each([
  'commit',
  'begin; delete from workflows',
  'set transaction read write; delete from workflows',
  'with gone as (delete from workflows returning *) select * from gone',
  'select 1; delete from workflows',
  'do $$ begin commit; set transaction read write; delete from workflows; end $$',
  `select set_config('transaction_read_only', 'off', false)`,
])('db query without --write can not write by %j', async (sql) => {
  const before = await databases.contentHash();
  await home.spire(['db', 'query', sql, '-e', 'vital']);
  expect(await databases.contentHash()).toBe(before);
});

it('refuses a server that the certificate does not vouch for', async () => {
  const stranger = databases.newHome({ trusts: false });
  const { exitCode, stderr } = await stranger.spire(['workflows', 'list', '-e', 'vital']);
  expect(stderr).toMatch(/certificate is not vouched for/);
  expect(exitCode).toBe(5);
  await stranger.end();
});

it('says so where the certificate is of another name', async () => {
  Object.assign(home.variables, { DEPLOYMENT_ENV: 'vital', DB_HOSTNAME: '127.1' });
  const { error } = await home.json('workflows', 'list', '-e', 'vital');
  delete home.variables.DEPLOYMENT_ENV;
  delete home.variables.DB_HOSTNAME;
  expect(error.code).toBe('TLS_UNVERIFIED');
  expect(error.suggestions).toEqual([
    'Its certificate is of another host name: check DB_HOSTNAME with spire env show -e vital',
  ]);
});
