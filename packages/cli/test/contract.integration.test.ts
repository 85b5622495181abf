import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BINS, ended, Home } from './spire-process.ts';

// What programs rely on: one object on stdout, with these fields.

const home = new Home();
const bin = join(home.directory, 'bin');

beforeAll(async () => {
  // Stands for psql, which isn't installed everywhere: it writes down what it was given.
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'psql'),
    `#!/bin/sh\n{ printf '%s\\n' "$@"; echo "$PGPASSWORD" | wc -c; echo "$PGOPTIONS"; } >"$HOME/psql"\nexit 3\n`,
  );
  chmodSync(join(bin, 'psql'), 0o755);
  home.variables.PATH = [bin, home.variables.PATH].join(delimiter);
  const { exitCode } = await home.spire(['quickstart', '--no-shim']);
  expect(exitCode).toBe(0);
  writeFileSync(join(home.directory, 'workflow.yml'), 'name: spire_adobe_31\ndescription: x\n');
  writeFileSync(join(home.directory, 'type.yml'), 'type: SpireJarJobConfig\n');
  writeFileSync(
    join(home.directory, 'job-config.yml'),
    'name: jar\ntype: SpireJarJobConfig\ndefinition: {new_cluster: {}, spark_jar_task: {main_class_name: x}}\n',
  );
});
afterAll(() => home.end());

const at = (file: string) => join(home.directory, file);
const run = ['--stage', 'training', '--date', '2026-01-31', '--status', 'success'];

/** Stands for the pid of a session that may be ended. */
const PID = 'PID';

const PRACTICE = ['configDirectory', 'directory', 'environments', 'postgres', 'vault'];

/** Every command but those that end the local environment: how it is called, and what it answers. */
const CALLS: Record<string, readonly [args: readonly string[], fields: readonly string[]]> = {
  quickstart: [['--no-shim'], ['local', 'runs', 'steps', 'workflow']],
  status: [[], ['environments', 'selectedBy']],
  doctor: [[], ['broken', 'contacts', 'environment', 'hops']],
  login: [
    ['-e', 'development', '--contacts'],
    ['contacts', 'environment'],
  ],
  logout: [
    ['-e', 'development'],
    ['environment', 'loggedOut', 'revoked'],
  ],
  'db:backup': [
    ['--to', at('local.tar.zst')],
    ['bytes', 'encrypted', 'environment', 'file', 'head', 'tables', 'takenAt'],
  ],
  'db:backups': [[], ['backups', 'folder']],
  'db:claim': [[], ['before', 'changed', 'environment']],
  'db:kill': [
    [PID, '--terminate'],
    ['ended', 'environment', 'session'],
  ],
  'db:locks': [[], ['at', 'environment', 'heads', 'hidden', 'long', 'waits']],
  // It gets everybody out of the way, and what is replaced is put back next.
  'db:rebuild': [
    ['--empty', '--terminate'],
    ['environment', 'receipt'],
  ],
  'db:undo': [[], ['environment', 'undone']],
  'db:empty': [[], ['backup', 'environment', 'tables']],
  'db:password': [[], ['environment', 'origin', 'user']],
  'db:psql': [
    ['--', '-c', 'select 1'],
    ['environment', 'exitCode'],
  ],
  'db:query': [['select 1'], ['columns', 'rowCount', 'rows']],
  'db:status': [
    [],
    [
      'at',
      'bytes',
      'connections',
      'database',
      'environment',
      'hidden',
      'oldestTransaction',
      'spire',
      'tables',
    ],
  ],
  'db:restore': [
    [at('local.tar.zst')],
    ['archive', 'environment', 'file', 'hash', 'receipt', 'replaced'],
  ],
  'db:url': [[], ['environment', 'url']],
  'env:exec': [
    ['--', process.execPath, '--eval', '0'],
    ['command', 'environment', 'exitCode', 'signal'],
  ],
  'env:set': [
    ['DB_HOSTNAME', 'db.example.com', '-e', 'development'],
    ['environment', 'file', 'key', 'notices'],
  ],
  'env:unset': [
    ['DB_HOSTNAME', '-e', 'development'],
    ['environment', 'key', 'removed'],
  ],
  'env:show': [[], ['contacts', 'environment', 'notices', 'protected', 'selectedBy', 'values']],
  'env:use': [['local'], ['environment', 'file']],
  'gui:pgadmin': [[], ['file', 'imported', 'leftOut', 'passfile', 'servers']],
  'gui:psql': [[], ['leftOut', 'passfile', 'serviceFile', 'services']],
  'history:latest': [['--limit', '1'], ['runs']],
  'history:list': [
    ['--limit', '1'],
    ['next', 'runs'],
  ],
  'history:record': [['spire_adobe_30', ...run], ['run']],
  'job-configs:create': [[at('job-config.yml')], ['jobConfig']],
  'job-configs:update': [['jar', '--file', at('type.yml')], ['jobConfig']],
  'job-configs:get': [['jar'], ['jobConfig']],
  'job-configs:list': [[], ['jobConfigs', 'next']],
  'job-configs:delete': [['jar'], ['deleted']],
  'local:status': [[], ['directory', 'postgres', 'vault']],
  'local:up': [[], ['directory', 'postgres', 'vault']],
  'migrate:adopt': [
    ['--dry-run'],
    ['adopted', 'differences', 'environment', 'findings', 'heads', 'ignored', 'state'],
  ],
  'migrate:down': [
    ['--to', '0012_dfp_orders'],
    ['dryRun', 'environment', 'hash', 'reverted'],
  ],
  'migrate:drift': [[], ['applied', 'code', 'differences', 'environment', 'ledger', 'pending']],
  'migrate:lint': [['0012_dfp_orders'], ['findings', 'migrations']],
  'migrate:plan': [[], ['drift', 'environment', 'hash', 'pending']],
  'migrate:quarantine': [[], ['environment', 'exported', 'file', 'legacy', 'quarantined']],
  'migrate:repair': [[], ['environment', 'repaired', 'repairs']],
  'migrate:status': [[], ['environments']],
  'migrate:up': [[], ['applied', 'environment', 'legacy']],
  'practice:up': [[], PRACTICE],
  'practice:reset': [[], PRACTICE],
  'practice:rotate': [
    ['-e', 'staging'],
    ['environment', 'inVault', 'sessionsEnded', 'users'],
  ],
  'practice:down': [[], PRACTICE],
  'workflows:create': [[at('workflow.yml')], ['workflow']],
  'workflows:update': [['spire_adobe_31', '--file', at('workflow.yml')], ['workflow']],
  'workflows:enable': [['spire_adobe_31'], ['workflow']],
  'workflows:disable': [['spire_adobe_31'], ['workflow']],
  'workflows:get': [['spire_adobe_31'], ['workflow']],
  'workflows:list': [
    ['--limit', '1'],
    ['next', 'workflows'],
  ],
  'workflows:delete': [['spire_adobe_31'], ['deleted']],
};
const ENDING = ['local:down', 'local:reset'];
/** It takes two environments: see `move-data.slow.test.ts`. */
const OF_TWO = ['db:refresh'];

/** Those that need a checkout, where they are called from the sources. */
const IN_A_CHECKOUT: typeof CALLS = {
  'migrate:new': [['nothing_changed'], ['findings', 'path', 'tag']],
  'migrate:verify': [[], ['differences', 'migrations']],
};

const manifest = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'oclif.manifest.json'), 'utf8'),
);

describe('every command', () => {
  it('is known to this test', () => {
    const known = [...Object.keys(CALLS), ...Object.keys(IN_A_CHECKOUT), ...ENDING, ...OF_TWO];
    expect(known.sort()).toEqual(Object.keys(manifest.commands).sort());
  });

  let canaries: readonly string[];
  let bystander: pg.Client;
  let pid: string;
  beforeAll(async () => {
    const { url } = await home.json('db', 'url', '--with-password');
    const { password } = new URL(url);
    bystander = new pg.Client({ connectionString: url });
    bystander.on('error', () => {});
    await bystander.connect();
    pid = (await bystander.query('select pg_backend_pid() as pid')).rows[0].pid.toString();
    const config = readFileSync(at('.spire/local/config.yml'), 'utf8');
    const token = /VAULT_TOKEN: (\S+)/.exec(config)?.[1] ?? '';
    const { rootToken } = JSON.parse(readFileSync(at('.spire/local/vault/vault.json'), 'utf8'));
    canaries = [decodeURIComponent(password), token, String(rootToken)];
    expect(canaries.every((secret) => secret.length >= 20)).toBe(true);
  });
  afterAll(() => bystander.end());

  it.each(Object.entries(CALLS))(
    '%s answers with one object, and no secret in it',
    async (id, [args, fields]) => {
      const [own, passed] = args[0] === '--' ? [[], args] : [args, []];
      home.variables.DEBUG = '*';
      const words = own.map((word) => (word === PID ? pid : word));
      const call = [...id.split(':'), ...words, '--json', ...passed];
      const { exitCode, stdout, stderr } = await home.spire(call);
      delete home.variables.DEBUG;
      expect(exitCode).toBe(id === 'db:psql' ? 3 : 0);
      expect(Object.keys(JSON.parse(stdout)).sort()).toEqual(fields);
      for (const secret of canaries) expect(stdout + stderr).not.toContain(secret);
    },
  );

  it.each(Object.entries(IN_A_CHECKOUT))(
    '%s answers so in a checkout, and says elsewhere that it needs one',
    async (id, [args, fields]) => {
      const call = [...id.split(':'), ...args, '--json'];
      const { stdout } = await ended(
        spawn(process.execPath, [BINS.sources, ...call], { env: home.variables }),
      );
      expect(Object.keys(JSON.parse(stdout)).sort()).toEqual(fields);
      // Where nothing but the build is.
      cpSync(dirname(BINS.build), at('installed'), { recursive: true });
      const apart = await ended(
        spawn(process.execPath, [at('installed/spire.js'), ...call], { env: home.variables }),
      );
      expect(JSON.parse(apart.stdout)).toMatchObject({ error: { code: 'CHECKOUT_REQUIRED' } });
    },
  );
});

describe('without --json', () => {
  it.each([
    ['workflows', /^name +trait +state/],
    ['job-configs', /^name +type/],
    ['history', /^workflow +stage/],
  ])('the bare topic %s lists', async (topic, heading) => {
    const { exitCode, stdout } = await home.spire([topic]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(heading);
  });

  it('data is on stdout, and how to go on is on stderr, with all that was asked for', async () => {
    const asked = ['workflows', 'list', '--vendor', 'adobe', '--limit', '2'];
    const { stdout, stderr } = await home.spire(asked);
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    const line = /^More: spire (.*)$/m.exec(stderr)?.[1]?.split(' ') ?? [];
    expect(line.slice(0, asked.length)).toEqual(asked);
    expect((await home.spire(line)).stdout).toMatch(/^spire_adobe_1003 /m);
  });

  it('ends quietly when its reader has read enough', async () => {
    const child = home.start(['history', 'list', '--limit', '500']);
    child.stdout?.once('data', () => child.stdout?.destroy());
    const { exitCode, stderr } = await ended(child);
    expect(exitCode).toBe(0);
    expect(stderr).not.toMatch(/Warning|Error/);
  });
});

it('psql gets its arguments as they are, the password in its environment, and a session to read', async () => {
  await home.spire(['db', 'psql', '--', '-c', `select 'a b'`]);
  const [flag, sql, length, options] = readFileSync(at('psql'), 'utf8').split('\n');
  expect([flag, sql, options]).toEqual([
    '-c',
    `select 'a b'`,
    '-c default_transaction_read_only=on',
  ]);
  expect(Number(length)).toBeGreaterThan(20);
});

it('local up refuses to move a server that runs, and names the way', async () => {
  const { postgres } = await home.json('local', 'status');
  const port = String(postgres.port + 1);
  const { error } = await home.json('local', 'up', '--postgres-port', port);
  expect(error).toMatchObject({
    code: 'USAGE',
    message: `--postgres-port: Postgres already runs on port ${postgres.port}.`,
    suggestions: expect.arrayContaining(['Stop it first: spire local down']),
  });
});

it('the quickstart suggests what works, whichever environment the config file chose', async () => {
  writeFileSync(at('.spire/config.yml'), 'active_env: staging\n');
  const { stderr } = await home.spire(['quickstart', '--no-shim']);
  expect(stderr).toContain('spire workflows get spire_adobe_30 -e local');
  writeFileSync(at('.spire/config.yml'), '');
});

it('two quickstarts at once fill one environment', async () => {
  const other = new Home();
  try {
    const both = await Promise.all([1, 2].map(() => other.spire(['quickstart', '--no-shim'])));
    expect(both.map(({ exitCode, stderr }) => [exitCode, /Error.*/.exec(stderr)?.[0]])).toEqual([
      [0, undefined],
      [0, undefined],
    ]);
    const counts = 'select (select count(*) from workflows), (select count(*) from history)';
    const { rows } = await other.json('db', 'query', counts);
    expect(rows).toEqual([['61', '5402']]);
  } finally {
    await other.end();
  }
});
