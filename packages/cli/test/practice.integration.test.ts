import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  datasetDefinition,
  featureDefinition,
  JOB_CONFIG_TYPES,
  type JobConfigType,
  jobConfigDefinition,
  scheduleDefinition,
  storedSecrets,
} from '@spire/schema/definitions';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BAD_ROW_KINDS } from './bad-row-kinds.ts';
import { Home } from './spire-process.ts';

const home = new Home();
const root = join(home.directory, '.spire', 'practice');
const configFile = join(root, 'config', 'config.yml');
// biome-ignore lint/suspicious/noExplicitAny: what a process printed
let first: any;

beforeAll(async () => {
  first = await home.json('practice', 'up');
  home.variables.SPIRE_CONFIG_DIR = first.configDirectory;
});
afterAll(() => home.end());

/** The rows of a query, cells as Postgres writes them. */
async function query(environment: string, sql: string, ...flags: string[]) {
  const answer = await home.json('db', 'query', sql, '-e', environment, ...flags);
  expect(answer.error).toBeUndefined();
  return answer.rows as string[][];
}

/** Begins a call in a shell that hasn't chosen the practice organisation. */
function fromOutside<T>(call: () => Promise<T>): Promise<T> {
  const { SPIRE_CONFIG_DIR } = home.variables;
  delete home.variables.SPIRE_CONFIG_DIR;
  const answer = call();
  Object.assign(home.variables, { SPIRE_CONFIG_DIR });
  return answer;
}

describe('practice up', () => {
  it('says where everything is', () => {
    expect(first).toEqual({
      directory: root,
      configDirectory: join(root, 'config'),
      postgres: { running: true, pid: expect.any(Number), port: expect.any(Number) },
      vault: {
        running: true,
        pid: expect.any(Number),
        port: expect.any(Number),
        address: `http://127.0.0.1:${first.vault.port}`,
      },
      environments: [
        {
          name: 'production',
          database: 'spire_production',
          readsAs: 'spireprod_reader',
          writesAs: 'spireprod',
        },
        {
          name: 'staging',
          database: 'spire_staging',
          readsAs: 'spirestage_reader',
          writesAs: 'spirestage',
        },
        {
          name: 'development',
          database: 'spire_development',
          readsAs: 'spiredevusr',
          writesAs: 'spiredevusr',
        },
      ],
    });
    expect(statSync(configFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(root, 'config')).mode & 0o777).toBe(0o700);
  });

  it('makes environments that are reachable by Vault and TLS, and claimed by nobody', async () => {
    const { environments, selectedBy } = await home.json('status');
    expect(selectedBy).toBeNull();
    const expected = { reachable: true, readable: true, claimedAs: null, version: null };
    expect(environments).toMatchObject([
      { ...expected, name: 'production', role: 'spireprod_reader', protected: true },
      { ...expected, name: 'staging', role: 'spirestage_reader', protected: false },
      { ...expected, name: 'development', role: 'spiredevusr', protected: false },
    ]);
    const made = environments.map(({ alembic, problem }: Record<string, unknown>) => [
      alembic,
      (problem as { code: string } | null)?.code,
    ]);
    expect(made).toEqual([
      [['9a18fa4a434f'], undefined],
      [['9a18fa4a434f'], undefined],
      [['5b2e07c41d9a'], 'SCHEMA_OUTDATED'],
    ]);
  });

  it('does nothing the second time, called from without or within, twice at once', async () => {
    const before = readFileSync(configFile, 'utf8');
    const up = () => home.json('practice', 'up');
    expect(await Promise.all([up(), fromOutside(up)])).toEqual([first, first]);
    expect(readFileSync(configFile, 'utf8')).toBe(before);
  });

  it('puts its values right again, and leaves what is somebody else\u2019s', async () => {
    const before = readFileSync(configFile, 'utf8');
    await home.spire(['env', 'set', 'DB_NAME', 'elsewhere', '-e', 'staging']);
    await home.spire(['env', 'use', 'development']);
    writeFileSync(configFile, `# mine\n${readFileSync(configFile, 'utf8')}`);
    const { exitCode, stdout, stderr } = await home.spire(['practice', 'up']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Kept the databases that are there');
    expect(stdout).toMatch(/^production +spire_production +spireprod_reader +spireprod$/m);
    expect(readFileSync(configFile, 'utf8')).toMatch(
      /^# mine\n[\s\S]*active_env: development\n[\s\S]*DB_NAME: "?spire_staging/,
    );
    writeFileSync(configFile, before);
  });

  it('has no local environment, and says how to come back to it', async () => {
    const { error } = await home.json('workflows', 'list', '-e', 'local');
    expect(error.suggestions[0]).toBe('Leave the practice organisation: unset SPIRE_CONFIG_DIR');
  });

  it('shows how to go on, and no secret', async () => {
    const { stdout, stderr } = await fromOutside(() => home.spire(['practice', 'up']));
    expect(stderr).toContain(`  export SPIRE_CONFIG_DIR='${join(root, 'config')}'\n`);
    expect(stderr).toMatch(/ {2}spire status\n {2}spire migrate status -e staging\n/);
    const token = /VAULT_TOKEN: "(\S+)"/.exec(readFileSync(configFile, 'utf8'))?.[1] ?? '';
    const { rootToken } = JSON.parse(readFileSync(join(root, 'vault', 'vault.json'), 'utf8'));
    for (const secret of [token, rootToken]) {
      expect(secret.length).toBeGreaterThan(20);
      expect(stdout + stderr + JSON.stringify(first)).not.toContain(secret);
    }
  });
});

describe('its databases', () => {
  it.each([
    ['production', '300', '270', '9a18fa4a434f'],
    ['staging', '60', '6', '9a18fa4a434f'],
    ['development', '40', '20', '5b2e07c41d9a'],
  ])('%s has %s workflows, %s of them enabled, at revision %s', async (name, ...expected) => {
    const counts = `select count(*), count(*) filter (where enabled),
      (select version_num from alembic_version) from workflows`;
    expect(await query(name, counts)).toEqual([expected]);
  });

  it.each([
    ['production', 300 * 90 * 3 + 5],
    ['staging', 60 * 90 * 3 + 5],
    ['development', 40 * 30 * 3],
  ])('%s has history: %i runs, some of which failed', async (name, count) => {
    const [[runs, failed, broken] = []] = await query(
      name,
      `select count(*), count(*) filter (where status = 'failed'),
         count(*) filter (where stage = 'scoring' and status = 'model_load_error') from history`,
    );
    expect(Number(runs)).toBe(count);
    expect(Number(failed)).toBeGreaterThan(count / 50);
    expect(Number(broken)).toBeGreaterThan(count / 300);
  });

  /** The kinds of bad rows that an environment has. */
  async function kindsIn(name: string, kinds: readonly string[]): Promise<string[]> {
    const counts = kinds.map((kind) => `(select count(*) from (${BAD_ROW_KINDS[kind]}) found)`);
    const [row = []] = await query(name, `select ${counts.join(', ')}`);
    return kinds.filter((_, index) => Number(row[index]) > 0);
  }

  it.each(['production', 'staging'])('%s has every kind of bad row', async (name) => {
    const kinds = Object.keys(BAD_ROW_KINDS);
    expect(await kindsIn(name, kinds)).toEqual(kinds);
  });

  it('development has none of them, so that the test above can fail', async () => {
    const kinds = Object.keys(BAD_ROW_KINDS).filter(
      (kind) => !BAD_ROW_KINDS[kind]?.includes('cluster_status'),
    );
    expect(await kindsIn('development', kinds)).toEqual([]);
  });

  it('has definitions that are valid, and hold no secret, where a row is none of the bad ones', async () => {
    const [[found = '{}'] = []] = await query(
      'production',
      `select json_build_object(
         'datasets', (select json_agg(definition) from datasets),
         'schedules', (select json_agg(definition) from schedules),
         'features', (select json_agg(definition) from features),
         'jobConfigs', (select json_agg(json_build_array(type, definition)) from job_configs))`,
    );
    const { datasets, schedules, features, jobConfigs } = JSON.parse(found);
    const invalid = (all: unknown[], schema: { safeParse(one: unknown): { success: boolean } }) =>
      all.filter((one) => !schema.safeParse(one).success).length;
    expect([
      invalid(datasets, datasetDefinition),
      invalid(schedules, scheduleDefinition),
      invalid(features, featureDefinition),
    ]).toEqual([3, 3, 3]);
    const broken = jobConfigs.filter(
      ([type, definition]: [JobConfigType, unknown]) =>
        !JOB_CONFIG_TYPES.includes(type) ||
        !jobConfigDefinition(type).safeParse(definition).success,
    );
    expect(broken).toHaveLength(3);
    const types = new Set(jobConfigs.map(([type]: [string]) => type));
    expect(JOB_CONFIG_TYPES.filter((type) => !types.has(type))).toEqual([]);
    for (const [, definition] of jobConfigs) expect(storedSecrets(definition)).toEqual([]);
  });

  it('development is older, and somebody has tried things in it', async () => {
    const [row] = await query(
      'development',
      `select to_regclass('dfp_orders'), to_regclass('cluster_status'), to_regclass('scoring_status'),
         (select string_agg(attname, ',') from pg_attribute
          where attrelid = 'workflows'::regclass and attname in ('is_proxy', 'owner_email')),
         to_regclass('history_tmp_idx'),
         (select column_default from information_schema.columns
          where table_name = 'workflows' and column_name = 'enabled')`,
    );
    expect(row).toEqual([null, null, null, 'owner_email', 'history_tmp_idx', 'true']);
  });

  it('whoever reads may only read, and whoever writes owns the tables', async () => {
    const rights = `select current_user, has_table_privilege('workflows', 'select'),
      has_table_privilege('workflows', 'insert'), has_schema_privilege('public', 'create'),
      has_database_privilege('spire_production', 'connect'),
      (select string_agg(distinct tableowner, ',') from pg_tables where schemaname = 'public')`;
    expect(await query('staging', rights)).toEqual([
      ['spirestage_reader', 't', 'f', 'f', 'f', 'spirestage'],
    ]);
    expect(await query('staging', rights, '--write', '--confirm', 'staging')).toEqual([
      ['spirestage', 't', 't', 't', 'f', 'spirestage'],
    ]);
  });
});

it('lets a colleague have a token, though all environments are on one server', async () => {
  const { code } = await home.json('login', '-e', 'development', '--share', '--life', '5m');
  const shared = ['login', '-e', 'development', '--shared', '--json'];
  const { stdout } = await home.spire(shared, code);
  expect(JSON.parse(stdout).error).toBeUndefined();
  expect((await home.json('logout', '-e', 'development')).loggedOut).toBe(true);
});

describe('practice rotate', () => {
  const reachable = async (name: string) => {
    const { environments } = await home.json('status', '-e', name);
    return [environments[0].reachable, environments[0].problem?.code];
  };

  it('changes both passwords of an environment, and ends who is in', async () => {
    const { url } = await home.json('db', 'url', '-e', 'staging', '--with-password');
    const ca = readFileSync(join(root, 'postgres', 'ca.pem'), 'utf8');
    const { username, password, port } = new URL(url);
    const options = {
      host: 'localhost',
      port: Number(port),
      database: 'spire_staging',
      ssl: { ca },
    };
    const open = () => new pg.Client({ ...options, user: username, password });
    const bystander = open();
    const gone = new Promise((resolve) => bystander.on('error', resolve));
    await bystander.connect();
    expect(await home.json('practice', 'rotate', '-e', 'staging')).toEqual({
      environment: 'staging',
      users: ['spirestage_reader', 'spirestage'],
      inVault: true,
      sessionsEnded: 1,
    });
    expect(await gone).toMatchObject({ code: '57P01' });
    await expect(open().connect()).rejects.toMatchObject({ code: '28P01' });
    expect(await reachable('staging')).toEqual([true, undefined]);
    expect(await query('staging', 'select 1', '--write', '--confirm', 'staging')).toEqual([['1']]);
  });

  it('can forget Vault, which practice up puts right; other environments go on', async () => {
    await home.json('practice', 'rotate', '-e', 'staging', '--without-vault');
    expect(await reachable('staging')).toEqual([false, 'AUTHENTICATION_FAILED']);
    expect(await reachable('production')).toEqual([true, undefined]);
    await home.json('practice', 'up');
    expect(await reachable('staging')).toEqual([true, undefined]);
  });

  it('needs the servers', async () => {
    await home.json('practice', 'down', '--only', 'postgres');
    const { error } = await home.json('practice', 'rotate', '-e', 'staging');
    expect(error.code).toBe('PRACTICE_NOT_RUNNING');
    await home.json('practice', 'up');
  });
});

it('suggests to start it only where nothing listens', async () => {
  Object.assign(home.variables, { DEPLOYMENT_ENV: 'staging', DB_NAME: 'spire_nowhere' });
  const { error } = await home.json('workflows', 'list', '-e', 'staging');
  delete home.variables.DEPLOYMENT_ENV;
  delete home.variables.DB_NAME;
  expect(error.code).toBe('CONNECTION_FAILED');
  expect(error.suggestions).toEqual(['Check DB_NAME: spire env show -e staging']);
});

describe('practice down and reset', () => {
  it('down can stop one of the two', async () => {
    const { postgres, vault } = await home.json('practice', 'down', '--only', 'vault');
    expect([postgres.running, vault.running]).toEqual([true, false]);
    const again = await home.json('practice', 'up');
    expect(again.postgres).toEqual(postgres);
  });

  const change = 'update workflows set enabled = true';
  const enabled = 'select count(*) from workflows where enabled';

  it('down ends the servers, and up brings them back on their ports, with what they hold', async () => {
    await query('staging', change, '--write', '--confirm', 'staging');
    const down = await home.json('practice', 'down');
    expect([down.postgres.running, down.vault.running]).toEqual([false, false]);
    const { environments } = await home.json('status');
    const silent = {
      reachable: false,
      problem: {
        code: 'VAULT_UNAVAILABLE',
        suggestions: expect.arrayContaining(['Start the practice organisation: spire practice up']),
      },
    };
    expect(environments).toMatchObject([silent, silent, silent]);
    const { postgres, vault } = await home.json('practice', 'up');
    expect([postgres.port, vault.port]).toEqual([first.postgres.port, first.vault.port]);
    expect(postgres.pid).not.toBe(first.postgres.pid);
    expect(await query('staging', enabled)).toEqual([['60']]);
  });

  it('reset makes all as new, twice at once, even a config file that somebody broke', async () => {
    writeFileSync(configFile, 'environments: [');
    const calls = [1, 2].map(() => home.spire(['practice', 'reset']));
    expect((await Promise.all(calls)).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(await query('staging', enabled)).toEqual([['6']]);
  });
});
