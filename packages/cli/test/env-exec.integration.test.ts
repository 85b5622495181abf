import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDevelopment } from './practice-development.ts';
import { ended, Home } from './spire-process.ts';
import { hasTerminal, onTerminal } from './terminal.ts';
import { withClient } from './with-client.ts';

const WRITE_PATH = 'secret/data-innovation/spire/development/writer';

let development: Awaited<ReturnType<typeof startDevelopment>>;
let token: string;
let home: Home;

beforeAll(async () => {
  development = await startDevelopment();
  token = await development.token();
  await withClient(development.postgres, 'spire_db', (client) =>
    client.query(`create role writer login password 'w' in role pg_read_all_data`),
  );
  await development.ask('POST', WRITE_PATH.replace('secret/', 'secret/data/'), {
    data: { user: 'writer', pwd: 'w', db: 'spire_db' },
  });
});
afterAll(() => development?.stop());

/** Development in the config file; `staging` points to the same database by mistake. */
beforeEach(() => {
  home = new Home();
  development.trust(home);
  home.variables.NODE_EXTRA_CA_CERTS = home.variables.DB_CA_FILE;
  const { DEPLOYMENT_ENV: _, ...values } = development.variables;
  const lines = { ...values, VAULT_TOKEN: token, DB_CA_FILE: home.variables.DB_CA_FILE };
  delete home.variables.DB_CA_FILE;
  const section = Object.entries(lines).map(([name, value]) => `    ${name}: "${value}"\n`);
  mkdirSync(join(home.directory, '.spire'), { mode: 0o700 });
  writeFileSync(
    join(home.directory, '.spire', 'config.yml'),
    `environments:\n  development:\n${section.join('')}  staging:\n${section.join('')}`,
    { mode: 0o600 },
  );
});
afterEach(() => home.end());

const dev = ['env', 'exec', '-e', 'development'];
const node = (code: string, ...args: string[]) => [
  '--',
  process.execPath,
  '--eval',
  code,
  '--',
  ...args,
];
const PRINT_VARIABLES = 'console.log(JSON.stringify(process.env))';

/** A child that connects by itself, both ways, and says what its sessions may do. */
const CONNECT = `
  const { Client } = require(${JSON.stringify(createRequire(import.meta.url).resolve('pg'))});
  const look = async (client) => {
    await client.connect();
    const { rows } = await client.query(
      "select current_setting('default_transaction_read_only') as read_only, current_database() as database, (select ssl from pg_stat_ssl where pid = pg_backend_pid()) as ssl");
    await client.end();
    return rows[0];
  };
  (async () => console.log(JSON.stringify([
    await look(new Client()),
    await look(new Client({ connectionString: process.env.DATABASE_URL })),
  ])))();`;

describe('the variables of the child', () => {
  it('name all addresses of its Vault, and one for programs that take one', async () => {
    const { address } = development.vault;
    const several = `${address},http://127.0.0.1:1`;
    await home.spire(['env', 'set', 'VAULT_ADDRESS', several, '-e', 'development']);
    const { stdout } = await home.spire([...dev, ...node(PRINT_VARIABLES)]);
    expect(JSON.parse(stdout)).toMatchObject({ VAULT_ADDR: address, VAULT_ADDRESS: several });
  });

  it("are this environment's, and nothing of another one's", async () => {
    Object.assign(home.variables, {
      DEPLOYMENT_ENV: 'staging',
      SPIRE_ENVIRONMENT: 'staging',
      DB_HOSTNAME: 'other.example.com',
      DB_PASSWORD: 'other',
      VAULT_TOKEN: 'other',
      VAULT_ADDR: 'https://other.example.com',
      DATABASE_URL: 'postgres://other',
      PGHOST: 'other.example.com',
      PGSERVICE: 'other',
      PGPASSFILE: '/other',
      OWN: 'kept',
    });
    const { exitCode, stdout, stderr } = await home.spire([...dev, ...node(PRINT_VARIABLES)]);
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringContaining('localhost, database spire_db'),
    ]);
    const { postgres, vault } = development;
    const { DATABASE_URL, ...variables } = JSON.parse(stdout);
    expect(variables).toMatchObject({
      PGHOST: 'localhost',
      PGPORT: String(postgres.port),
      PGDATABASE: 'spire_db',
      PGUSER: postgres.user,
      PGPASSWORD: postgres.password,
      PGSSLMODE: 'verify-full',
      PGSSLROOTCERT: join(home.directory, 'ca.pem'),
      PGAPPNAME: 'spire env exec',
      PGOPTIONS: '-c default_transaction_read_only=on',
      VAULT_ADDR: vault.address,
      VAULT_ADDRESS: vault.address,
      DEPLOYMENT_ENV: 'development',
      SPIRE_ENVIRONMENT: 'development',
      OWN: 'kept',
    });
    expect(Object.values(variables).join()).not.toMatch(/other/);
    expect(variables).not.toHaveProperty('VAULT_TOKEN');
    expect(new URL(DATABASE_URL)).toMatchObject({
      hostname: 'localhost',
      username: postgres.user,
      password: encodeURIComponent(postgres.password),
    });
    expect(stderr).not.toContain(postgres.password);
  });

  it('keep what this environment was resolved from, the token too', async () => {
    Object.assign(home.variables, { ...development.variables, VAULT_TOKEN: token });
    const { stdout } = await home.spire([...dev, ...node(PRINT_VARIABLES)]);
    expect(JSON.parse(stdout)).toMatchObject({ VAULT_TOKEN: token, DB_HOSTNAME: 'localhost' });
  });

  it('connect a client, whose sessions may only read', async () => {
    const { stdout } = await home.spire([...dev, ...node(CONNECT)]);
    const session = { read_only: 'on', database: 'spire_db', ssl: true };
    expect(JSON.parse(stdout)).toEqual([session, session]);
  });

  it('are no part of an argument, neither of spire nor of the child', async () => {
    if (process.platform !== 'linux') return;
    const code = `const { readFileSync } = require('node:fs');
      for (const pid of ['self', process.ppid]) console.log(readFileSync('/proc/' + pid + '/cmdline', 'utf8'));`;
    const { stdout } = await home.spire([...dev, ...node(code)]);
    expect(stdout).toContain('development');
    for (const secret of [development.postgres.password, token])
      expect(stdout).not.toContain(secret);
  });
});

describe('--write', () => {
  const write = [...dev, '--write'];

  it('asks first, and runs nothing before', async () => {
    const ran = join(home.directory, 'ran');
    const code = `require('node:fs').writeFileSync(${JSON.stringify(ran)}, '')`;
    const { exitCode, stderr } = await home.spire([...write, ...node(code)]);
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/--confirm development -- /)]);
    expect(existsSync(ran)).toBe(false);
  });

  it('once confirmed, gives sessions that may write', async () => {
    const { stdout } = await home.spire([...write, '--confirm', 'development', ...node(CONNECT)]);
    expect(JSON.parse(stdout)).toMatchObject([{ read_only: 'off' }, { read_only: 'off' }]);
  });

  it('takes the credential of the write path', async () => {
    await home.spire(['env', 'set', 'VAULT_WRITE_PATH', WRITE_PATH, '-e', 'development']);
    const user = async (call: readonly string[]) =>
      (await home.spire([...call, ...node('console.log(process.env.PGUSER)')])).stdout;
    expect(await user(dev)).toBe(`${development.postgres.user}\n`);
    expect(await user([...write, '--confirm', 'development'])).toBe('writer\n');
  });
});

it.each([
  ['env', 'exec', '-e', 'staging', '--', 'touch'],
  ['db', 'psql', '-e', 'staging', '--'],
])('%s %s runs nothing on a database that is another environment', async (...call) => {
  const bin = join(home.directory, 'bin');
  const ran = join(home.directory, 'ran');
  mkdirSync(bin);
  writeFileSync(join(bin, 'psql'), `#!/bin/sh\ntouch "$1"\n`, { mode: 0o755 });
  home.variables.PATH = [bin, home.variables.PATH].join(delimiter);
  const { exitCode, stderr } = await home.spire([...call, ran]);
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/ENVIRONMENT_MISMATCH/)]);
  expect(existsSync(ran)).toBe(false);
});

describe('how the child ends', () => {
  it.each([
    ['its exit code', node('process.exit(7)'), 7, /^$/],
    ['a signal', node(`process.kill(process.pid, 'SIGKILL')`), 137, /^$/],
    ['a command that is not there', ['--', 'no-such-command'], 127, /no-such-command is not found/],
    ['a file that is no program', ['--', import.meta.filename], 126, /can't be run \(EACCES\)/],
  ])('%s is passed through', async (_, command, code, said) => {
    const { exitCode, stdout, stderr } = await home.spire([...dev, ...command]);
    expect([exitCode, stdout]).toEqual([code, '']);
    expect(stderr.replace(/^development: .*\n/, '')).toMatch(said);
  });

  it.each<[NodeJS.Signals]>([
    ['SIGTERM'],
    ['SIGHUP'],
    ['SIGUSR1'],
    ['SIGUSR2'],
    ['SIGINT'],
    ['SIGQUIT'],
  ])('%s that spire alone gets is for the child to handle', async (signal) => {
    const code = `process.on('${signal}', () => { console.log('got it'); process.exit(5); });
        setInterval(() => {}, 1000); console.log('ready');`;
    const child = home.start([...dev, ...node(code)]);
    const end = ended(child);
    if (child.stdout) await once(child.stdout, 'data');
    child.kill(signal);
    expect(await end).toMatchObject({ exitCode: 5, signal: null, stdout: 'ready\ngot it\n' });
  });

  it('a child that does not handle it dies of it', async () => {
    const child = home.start([
      ...dev,
      ...node(`setInterval(() => {}, 1000); console.log('ready')`),
    ]);
    const end = ended(child);
    if (child.stdout) await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ exitCode: 143, signal: null });
  });

  it('--json: one object on stdout, the rest on stderr', async () => {
    const code = `console.log('out'); console.error('err'); process.kill(process.pid, 'SIGTERM')`;
    const { exitCode, stdout, stderr } = await home.spire([...dev, '--json', ...node(code)]);
    expect(JSON.parse(stdout)).toEqual({
      environment: 'development',
      command: process.execPath,
      exitCode: 143,
      signal: 'SIGTERM',
    });
    expect([exitCode, stderr]).toEqual([143, 'out\nerr\n']);
  });
});

it('arguments and stdin reach the child as they are, past any shell', async () => {
  const args = ['$HOME', 'a b', ';', '*', '--json', '--help', '-e', 'staging', ''];
  const code = `process.stdin.pipe(process.stdout); console.log(JSON.stringify(process.argv.slice(1)))`;
  const { stdout } = await home.spire([...dev, ...node(code, ...args)], 'from stdin');
  const [first, second] = stdout.split('\n');
  expect([JSON.parse(first ?? ''), second]).toEqual([args, 'from stdin']);
});

it('without a command says how it is called', async () => {
  const { exitCode, stderr } = await home.spire(dev);
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/spire env exec .* -- psql/)]);
});

describe.runIf(hasTerminal)('Ctrl-C on a terminal', () => {
  it("is the child's, once", async () => {
    const code = `let count = 0;
      process.on('SIGINT', () => { count += 1; setTimeout(() => { console.log('count', count); process.exit(9); }, 200); });
      setInterval(() => {}, 1000); console.log('rea' + 'dy');`;
    const { exitCode, stdout } = await onTerminal(
      home,
      [...dev, ...node(code)],
      [[/ready/, '\u0003']],
    );
    expect([exitCode, stdout]).toEqual([9, expect.stringMatching(/count 1/)]);
    expect(stdout).not.toMatch(/Interrupted/);
  });
});

it('a user that Vault makes for the child lives as long as the child, and no longer', async () => {
  const { host, port, user, password } = development.postgres;
  const { ask, vault } = development;
  await ask('POST', 'sys/mounts/database', { type: 'database' });
  await ask('POST', 'database/config/main', {
    plugin_name: 'postgresql-database-plugin',
    connection_url: `postgresql://{{username}}:{{password}}@${host}:${port}/spire_db`,
    username: user,
    password,
    allowed_roles: '*',
  });
  // Shorter than the child lives: it is renewed meanwhile.
  await ask('POST', 'database/roles/brief', {
    db_name: 'main',
    creation_statements: `create role "{{name}}" login password '{{password}}' in role pg_read_all_data`,
    default_ttl: '3s',
    max_ttl: '1h',
  });
  const config = join(home.directory, '.spire', 'config.yml');
  const text = readFileSync(config, 'utf8')
    .replace(/VAULT_READ_PATH: .*/, 'VAULT_READ_PATH: database/creds/brief')
    .replace(/VAULT_TOKEN: .*/, `VAULT_TOKEN: "${vault.rootToken}"`);
  writeFileSync(config, text, { mode: 0o600 });
  const code = `setTimeout(() => {
    const { Client } = require(${JSON.stringify(createRequire(import.meta.url).resolve('pg'))});
    const client = new Client();
    client.connect().then(() => client.query('select current_user as name'))
      .then(({ rows }) => console.log(rows[0].name)).finally(() => client.end());
  }, 5000)`;
  const { stdout, exitCode } = await home.spire([...dev, ...node(code)]);
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^v-token-brief-/)]);
  const { rows } = await withClient(development.postgres, 'spire_db', (client) =>
    client.query(`select 1 from pg_roles where rolname = $1`, [stdout.trim()]),
  );
  expect(rows).toEqual([]);
});
