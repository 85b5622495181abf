import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { applyMigrations, claimDatabase } from '@spire/migrate';
import { type PostgresServer, startPostgres, startVault, type VaultServer } from '@spire/servers';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accidentalCalls, COMMANDS } from './manifest-calls.ts';
import { BINS, ended, Home } from './spire-process.ts';

// Nothing typed by accident hurts a protected database: every command of the manifest, a new one too, is
// called without what confirms it, and the database holds the same afterwards.

/** One is protected by the config file, the other by its name. */
const ENVIRONMENTS = ['vital', 'production'];

/** A child that would write if its session let it. */
const CHILD = `
  const { Client } = require(${JSON.stringify(createRequire(import.meta.url).resolve('pg'))});
  const client = new Client();
  client.connect().then(() => client.query('delete from workflows')).finally(() => client.end())
    .catch(() => process.exit(1));`;

let postgres: PostgresServer;
let vault: VaultServer;
let ca: string;
const first = new Home();

beforeAll(async () => {
  [postgres, vault] = await Promise.all([
    startPostgres({ lifetime: 'parent', tls: true }),
    startVault(),
  ]);
  ca = join(first.directory, 'ca.pem');
  writeFileSync(ca, postgres.ca ?? '');
  for (const name of ENVIRONMENTS) {
    await postgres.createDatabase(name);
    await withClient(name, async (client) => {
      await applyMigrations(client, { actor: { name: 'test', toolVersion: '0' } });
      await claimDatabase(client, name);
      // Something is pending, so that a migration would be noticed.
      await client.query(`
        delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations);
        delete from spire.migrations where tag = (select max(tag) from spire.migrations);
        insert into workflows (name, description) values ('spire_kept_1', '');
        insert into job_configs (name, type, definition) values ('kept', 'SpireJarJobConfig', '{}');
        insert into tags (label) values ('kept')`);
    });
  }
  await fetch(`${vault.address}/v1/secret/data/vital/db`, {
    method: 'POST',
    headers: { 'X-Vault-Token': vault.rootToken },
    body: JSON.stringify({ data: { user: postgres.user, pwd: postgres.password } }),
  });
});
afterAll(async () => {
  await Promise.all([postgres?.stop(), vault?.stop()]);
  await first.end();
});

async function withClient<T>(database: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const { host, port, user, password } = postgres;
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

/** Everything that a database holds: rows, definitions, sequences, rights. */
async function contentHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of ENVIRONMENTS) {
    await withClient(name, async (client) => {
      const { rows } = await client.query(
        `select table_schema, table_name, query_to_xml(format('select * from %I.%I', table_schema, table_name), true, false, '')::text
         from information_schema.tables where table_schema in ('public', 'spire', 'drizzle') order by 1, 2`,
      );
      const { rows: definitions } = await client.query(
        `select table_schema, table_name, column_name, data_type, column_default, is_nullable
         from information_schema.columns where table_schema in ('public', 'spire', 'drizzle') order by 1, 2, 3`,
      );
      const { rows: rest } = await client.query(
        `select (select array_agg(rolname || coalesce(rolconfig::text, '') order by rolname) from pg_roles) as roles,
                (select array_agg(datname || coalesce(datacl::text, '') order by datname) from pg_database) as databases,
                (select array_agg(schemaname || sequencename || coalesce(last_value, 0) order by 1) from pg_sequences) as sequences`,
      );
      hash.update(JSON.stringify([rows, definitions, rest]));
    });
  }
  return hash.digest('hex');
}

/** A machine of its own for each command, since some change the config file. */
function newHome(): Home {
  const home = new Home({ NODE_EXTRA_CA_CERTS: ca, SPIRE_ENVIRONMENT: 'vital' });
  const sections = ENVIRONMENTS.map(
    (name) => `  ${name}:
    protected: true
    DB_HOSTNAME: localhost
    DB_PORT: ${postgres.port}
    DB_NAME: ${name}
    DB_CA_FILE: "${ca}"
    VAULT_ADDRESS: ${vault.address}
    VAULT_READ_PATH: secret/vital/db
    VAULT_TOKEN: ${vault.rootToken}
`,
  );
  mkdirSync(join(home.directory, '.spire'), { mode: 0o700 });
  writeFileSync(
    join(home.directory, '.spire', 'config.yml'),
    `environments:\n${sections.join('').replace('  production:\n    protected: true', '  production:')}`,
    { mode: 0o600 },
  );
  return home;
}

/** util-linux's: it gives a program a terminal. */
const hasScript = spawnSync('script', ['--version']).stdout?.toString().includes('util-linux');
if (!hasScript)
  console.log('Skipped: calls on a terminal, since util-linux script is not installed');

/** Calls spire on a terminal, where somebody answers whatever is asked by yes. */
function onTerminal(home: Home, call: readonly string[]) {
  const quoted = [process.execPath, BINS.build, ...call].map(
    (word) => `'${word.replaceAll("'", `'\\''`)}'`,
  );
  const child = spawn('script', ['-qec', quoted.join(' '), '/dev/null'], { env: home.variables });
  // Left open: script waits two seconds when it ends.
  child.stdin.write('y\nyes\n\n\u0004\u0004');
  return ended(child);
}

it.each(Object.keys(COMMANDS))(
  '%s, without confirmation, leaves protected databases as they are',
  { timeout: 120_000 },
  async (id) => {
    const before = await contentHash();
    const home = newHome();
    try {
      const calls = accidentalCalls(id, [process.execPath, '--eval', CHILD]);
      const named = (call: readonly string[], ...more: string[]) => {
        const end = call.includes('--') ? call.indexOf('--') : call.length;
        return [...call.slice(0, end), ...more, ...call.slice(end)];
      };
      const takesEnvironment = 'environment' in (COMMANDS[id]?.flags ?? {});
      const all = calls.flatMap((call) => [
        () => home.spire(call),
        () => home.spire(named(call, '--json'), 'y\nyes\n\n'),
        ...(takesEnvironment ? [() => home.spire(named(call, '-e', 'production'))] : []),
        ...(hasScript ? [() => onTerminal(home, call)] : []),
      ]);
      // Two at a time, since there are hundreds.
      const next = all.values();
      await Promise.all(
        [1, 2].map(async () => {
          for (const run of next) await run();
        }),
      );
    } finally {
      await home.end();
    }
    expect(await contentHash()).toBe(before);
  },
);

it('the hash notices a single row, so that the test above can fail', async () => {
  const before = await contentHash();
  await withClient('vital', (client) =>
    client.query(`insert into tags (label) values ('noticed')`),
  );
  expect(await contentHash()).not.toBe(before);
});
