import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyMigrations, claimDatabase } from '@spire/migrate';
import { type PostgresServer, startPostgres, startVault, type VaultServer } from '@spire/servers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BINS, ended, Home } from './spire-process.ts';

const home = new Home();
let postgres: PostgresServer;
let vault: VaultServer;
const database = 'spire_db';

beforeAll(async () => {
  [postgres, vault] = await Promise.all([
    startPostgres({ lifetime: 'parent', tls: true }),
    startVault(),
  ]);
  await postgres.createDatabase(database);
  await withClient(async (client) => {
    await applyMigrations(client, { actor: { name: 'test', toolVersion: '0' } });
    await claimDatabase(client, 'vital');
    await client.query(`insert into workflows (name, description) values ('spire_kept_1', '')`);
    await client.query(
      `insert into job_configs (name, type, definition) values ('kept', 'SpireJarJobConfig', '{}')`,
    );
  });
  await fetch(`${vault.address}/v1/secret/data/vital/db`, {
    method: 'POST',
    headers: { 'X-Vault-Token': vault.rootToken },
    body: JSON.stringify({ data: { user: postgres.user, pwd: postgres.password } }),
  });
  const ca = join(home.directory, 'ca.pem');
  writeFileSync(ca, postgres.ca ?? '');
  mkdirSync(join(home.directory, '.spire'), { mode: 0o700 });
  writeFileSync(
    join(home.directory, '.spire', 'config.yml'),
    `environments:
  vital:
    protected: true
    DB_HOSTNAME: localhost
    DB_PORT: ${postgres.port}
    DB_CA_FILE: "${ca}"
    VAULT_ADDRESS: ${vault.address}
    VAULT_READ_PATH: secret/vital/db
    VAULT_TOKEN: ${vault.rootToken}
`,
    { mode: 0o600 },
  );
});
afterAll(async () => {
  await Promise.all([postgres?.stop(), vault?.stop()]);
  await home.end();
});

async function withClient<T>(run: (client: pg.Client) => Promise<T>): Promise<T> {
  const { host, port, user, password } = postgres;
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

/** Everything that the database holds, as one digest. */
const contentHash = () =>
  withClient(async (client) => {
    const { rows } = await client.query(
      `select table_schema, table_name, query_to_xml(format('select * from %I.%I', table_schema, table_name), true, false, '')::text
       from information_schema.tables where table_schema in ('public', 'spire', 'drizzle') order by 1, 2`,
    );
    return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
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
    const { rows } = await withClient((client) =>
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
    await postgres.createDatabase('fresh');
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
    expect((await other.spire(up)).exitCode).toBe(3);
    expect((await other.spire([...up, '--confirm', 'vital'])).exitCode).toBe(0);
    expect(await other.json('migrate', 'status', '-e', 'vital')).toMatchObject({
      claimedAs: 'vital',
      pending: [],
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
    expect(stderr).toMatch(/Writing to vital: localhost, database spire_db, as postgres/);
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
  const before = await contentHash();
  await home.spire(['db', 'query', sql, '-e', 'vital']);
  expect(await contentHash()).toBe(before);
});

it('refuses a server that the certificate does not vouch for', async () => {
  const stranger = new Home();
  mkdirSync(join(stranger.directory, '.spire'), { mode: 0o700 });
  const config = readFileSync(join(home.directory, '.spire', 'config.yml'), 'utf8');
  writeFileSync(
    join(stranger.directory, '.spire', 'config.yml'),
    config.replace(/.*DB_CA_FILE.*\n/, ''),
    { mode: 0o600 },
  );
  const { exitCode, stderr } = await stranger.spire(['workflows', 'list', '-e', 'vital']);
  expect(stderr).toMatch(/certificate is not vouched for/);
  expect(exitCode).toBe(5);
  await stranger.end();
});
