import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { applyMigrations, claimDatabase } from '@spire/migrate';
import {
  type ApiServer,
  type PostgresServer,
  startAstronomer,
  startDatabricks,
  startPostgres,
  startVault,
  type VaultServer,
} from '@spire/servers';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COMMANDS, callsOf, inParallel, takes, withWords } from './manifest-calls.ts';
import { PlantedSecrets } from './planted-secrets.ts';
import { Home } from './spire-process.ts';

// Secrets are planted wherever Spire reads one. Then every command of the manifest, a new one too, runs in
// situations in which something is wrong with one of them, and none shows in what was printed, with
// everything that can be switched on for debugging; in what was written; in an argument of a program;
// or in Postgres' log. Exempt is what is there to hold or give one: HOLDERS, `--with-password` and `--raw`.
//
// Not looked at: NODE_DEBUG=child_process, with which Node prints a child's variables; and the code that
// `login --share` makes, which is no secret that was planted.

const secrets = new PlantedSecrets();
/** What has to be quoted in a shell, in JSON, in SQL, in YAML, or encoded in a URL. */
const AROUND = [`p"'%@/\\ $&+#:`, '`é;=?'] as const;
const planted = {
  configToken: secrets.plant('the token of the config file'),
  variableToken: secrets.plant('the token of a variable'),
  loginToken: secrets.plant('the token of a login'),
  homeToken: secrets.plant('the token of ~/.vault-token'),
  dotenvToken: secrets.plant('the token of a dotenv file'),
  clusterToken: secrets.plant('the token of a cluster'),
  deploymentToken: secrets.plant('the token of a deployment'),
  typedToken: secrets.plant('the token that was typed'),
  unknownToken: secrets.plant('a token that Vault refuses'),
  badToken: secrets.plant('a token with bad characters', ['ba d', '\u00e9\n']),
  password: secrets.plant('the password', AROUND),
  wrongPassword: secrets.plant('a password that Postgres refuses', AROUND),
  variablePassword: secrets.plant('the password of a variable', AROUND),
  otherPassword: secrets.plant("another environment's password", AROUND),
  dotenvPassword: secrets.plant('the password of a dotenv file'),
  clusterPassword: secrets.plant('the password of a cluster'),
  field: secrets.plant("another field of Vault's secret", AROUND),
  port: secrets.plant("a field of Vault's secret that is malformed"),
  databricks: secrets.plant('the token for Databricks'),
  astronomer: secrets.plant('the token for Astronomer'),
  definition: secrets.plant('a value in a malformed definition'),
};

/** What every test shares: programs, the servers, and what is recorded. */
const shared = mkdtempSync(join(tmpdir(), 'canaries-'));
const bin = join(shared, 'bin');
const argvLog = join(shared, 'argv.log');
const compileCache = join(shared, 'cache');
const ca = join(shared, 'ca.pem');

let postgres: PostgresServer;
let vault: VaultServer;
let databricks: ApiServer;
let astronomer: ApiServer;
let shadows = 0;
const echoes: Server[] = [];

/** One thing that can be the case where secrets are read. */
interface Situation {
  /** Lines that the section of the config file has besides the usual ones. */
  readonly section?: () => readonly string[];
  readonly variables?: () => NodeJS.ProcessEnv;
  /** Files below the home, in place of the usual ones. */
  readonly files?: () => Readonly<Record<string, string>>;
  /** The code that a simple read fails with; without one it succeeds. */
  readonly fails?: string;
  /** Whether every call is made, not only the one with the most in it. */
  readonly thorough?: true;
}

const withToken = (token: string) => () => [`VAULT_TOKEN: ${token}`];
const SITUATIONS: Readonly<Record<string, Situation>> = {
  'all is well, by variables': {
    section: withToken(planted.configToken),
    variables: () => ({
      DEPLOYMENT_ENV: 'planted',
      VAULT_TOKEN: planted.variableToken,
      DB_PASSWORD: planted.variablePassword,
      DATABRICKS_HOST: databricks.address,
      DATABRICKS_TOKEN: planted.databricks,
      ASTRO_API_URL: astronomer.address,
      ASTRO_API_TOKEN: planted.astronomer,
    }),
    files: () => ({ '.spire/logins/planted.json': login(planted.loginToken) }),
    thorough: true,
  },
  'all is well, by a login': {
    files: () => ({ '.spire/logins/planted.json': login(planted.loginToken) }),
  },
  'all is well, by ~/.vault-token': {},
  'there is no Vault': {
    section: () => [
      'VAULT_ADDRESS: ""',
      'DB_USER: planted',
      `DB_PASSWORD: ${JSON.stringify(planted.password)}`,
    ],
  },
  'Vault refuses the token': {
    section: withToken(planted.unknownToken),
    fails: 'VAULT_TOKEN_INVALID',
    thorough: true,
  },
  'the token has bad characters': {
    variables: () => ({ DEPLOYMENT_ENV: 'planted', VAULT_TOKEN: planted.badToken }),
    fails: 'CONFIG_INVALID',
  },
  'the token in the config file has bad characters': {
    section: () => [`VAULT_TOKEN: ${JSON.stringify(planted.badToken)}`],
    fails: 'CONFIG_INVALID',
  },
  'Postgres refuses the password': {
    section: () => ['VAULT_READ_PATH: secret/wrong/db'],
    fails: 'AUTHENTICATION_FAILED',
  },
  "a field of Vault's secret is malformed": {
    section: () => ['VAULT_READ_PATH: secret/malformed/db'],
    fails: 'SECRET_MALFORMED',
  },
  'Vault answers with a page that quotes the token': {
    section: () => [
      `VAULT_ADDRESS: ${addressOf(echoes[0])}`,
      `VAULT_TOKEN: ${planted.configToken}`,
    ],
    fails: 'VAULT_UNAVAILABLE',
  },
  'Vault answers with reasons that quote the token': {
    section: () => [
      `VAULT_ADDRESS: ${addressOf(echoes[1])}`,
      `VAULT_TOKEN: ${planted.configToken}`,
    ],
    fails: 'SECRET_NOT_FOUND',
    thorough: true,
  },
  'the config file is malformed': {
    files: () => ({
      '.spire/config.yml': `environments:\n  planted:\n    VAULT_TOKEN: "${planted.configToken}\n  - *${planted.configToken}`,
    }),
    fails: 'CONFIG_INVALID',
  },
  'a token stands where a key is expected': {
    files: () => ({
      '.spire/config.yml': `environments:\n  planted:\n    VAULT_TOKEN: x\n    ? [${planted.configToken}]\n    : *${planted.configToken}\n`,
    }),
    fails: 'CREDENTIALS_MISSING',
  },
  'a stored login is malformed': {
    files: () => ({ '.spire/logins/planted.json': `{"token": "${planted.loginToken}" "` }),
    fails: 'CONFIG_INVALID',
  },
};

/** What starts servers is slow, and reads none of these values: it runs in the first situation alone. */
const STARTERS = ['local:reset', 'local:up', 'practice:reset', 'practice:up', 'quickstart'];
console.log(`Run in one situation of ${Object.keys(SITUATIONS).length}: ${STARTERS.join(', ')}`);

/** The files whose purpose it is to hold a secret, below the home. */
const HOLDERS =
  /^(\.env|\.vault-token|malformed[\w-]*\.\w+|\.spire\/(config\.yml|pgpass|logins\/[^/]+\.json|local\/.*))$/;

/** Commands that have arguments and read a secret from stdin. */
const READ_SECRETS = ['env:set', 'login'];

/** Calls that no declaration suggests. */
const MORE_CALLS = [
  ['env', 'set', 'VAULT_TOKEN'],
  ['env', 'set', 'DB_PASSWORD'],
  ['workflows', 'create', 'malformed.yml'],
  ['workflows', 'create', 'malformed.json'],
  ['job-configs', 'create', 'malformed.yml'],
  ['job-configs', 'create', 'malformed-fields.yml'],
];

const addressOf = (server?: Server) =>
  `http://127.0.0.1:${(server?.address() as AddressInfo | null)?.port}`;

const login = (token: string) =>
  JSON.stringify({ environment: 'planted', address: vault.address, token, method: 'token' });

beforeAll(async () => {
  mkdirSync(bin);
  program('psql', 'exit 0');
  program('databricks', `echo '{"access_token": "${planted.databricks}"}'`);
  writeFileSync(argvLog, '');
  writeFileSync(
    join(shared, 'record-argv.cjs'),
    `const { ChildProcess } = require('node:child_process');
const { spawn } = ChildProcess.prototype;
ChildProcess.prototype.spawn = function (options) {
  require('node:fs').appendFileSync(${JSON.stringify(argvLog)}, JSON.stringify(options.args) + '\\n');
  return spawn.call(this, options);
};`,
  );
  [postgres, vault] = await Promise.all([
    startPostgres({
      lifetime: 'parent',
      tls: true,
      settings: { log_statement: 'all', log_connections: 'on', log_line_prefix: '%m [%a] ' },
    }),
    startVault(),
  ]);
  writeFileSync(ca, postgres.ca ?? '');
  await prepareDatabase();
  await prepareVault();
  const runtime = (VAULT_TOKEN: string) => ({
    DEPLOYMENT_ENV: 'planted',
    VAULT_ADDRESS: vault.address,
    VAULT_TOKEN,
    DB_PASSWORD: planted.clusterPassword,
  });
  const variables = Object.entries(runtime(planted.deploymentToken)).map(([key, value]) => ({
    key,
    value,
    isSecret: false,
  }));
  databricks = await startDatabricks({
    token: planted.databricks,
    clusters: [
      { cluster_id: '1', cluster_name: 'etl', spark_env_vars: runtime(planted.clusterToken) },
    ],
  });
  astronomer = await startAstronomer({
    token: planted.astronomer,
    organizations: [
      {
        id: 'o',
        name: 'Acme',
        deployments: [{ id: 'd', name: 'etl', environmentVariables: variables }],
      },
    ],
  });
  const quoting = (status: number, page: (token: string) => string) =>
    createServer((incoming, outgoing) => {
      outgoing.writeHead(status).end(page(String(incoming.headers['x-vault-token'])));
    });
  echoes.push(
    quoting(500, (token) => `<html>X-Vault-Token: ${token}</html>`),
    quoting(400, (token) => JSON.stringify({ errors: [`invalid token ${token}`] })),
  );
  for (const echo of echoes) {
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  }
});
afterAll(async () => {
  for (const echo of echoes) echo.close();
  await Promise.all([postgres, vault, databricks, astronomer].map((server) => server?.stop()));
  rmSync(shared, { recursive: true, force: true });
});

function program(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

async function prepareDatabase(): Promise<void> {
  const client = new pg.Client({ connectionString: await postgres.createDatabase('planted') });
  await client.connect();
  await client.query('set log_statement = none');
  await client.query(
    `create role planted superuser login password ${pg.escapeLiteral(planted.password)}`,
  );
  await applyMigrations(client, { actor: { name: 'test', toolVersion: '0' } });
  await claimDatabase(client, 'planted');
  await client.end();
}

/** Makes an empty database. @returns the URL by which the planted user gets in. */
async function plantedDatabase(name: string): Promise<string> {
  const url = new URL(await postgres.createDatabase(name));
  return Object.assign(url, { username: 'planted', password: planted.password }).href;
}

/** Puts back what a command may have removed. */
async function refill(): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.connectionString('planted') });
  await client.connect();
  await client.query(`
    insert into workflows (name, description) values ('spire_kept_1', '') on conflict do nothing;
    insert into job_configs (name, type, definition) values ('kept', 'SpireJarJobConfig', '{}')
    on conflict do nothing`);
  await client.end();
}

async function prepareVault(): Promise<void> {
  const ask = (path: string, body: object) =>
    fetch(`${vault.address}/v1/${path}`, {
      method: 'POST',
      headers: { 'X-Vault-Token': vault.rootToken },
      body: JSON.stringify(body),
    });
  const user = 'planted';
  const { field, password, wrongPassword, port } = planted;
  await ask('secret/data/planted/db', { data: { user, pwd: password, api_key: field } });
  await ask('secret/data/wrong/db', { data: { user, pwd: wrongPassword, api_key: field } });
  await ask('secret/data/malformed/db', { data: { user, pwd: password, port } });
  await ask('sys/policies/acl/reader', {
    policy:
      'path "secret/*" { capabilities = ["read"] }\npath "auth/token/create" { capabilities = ["update"] }',
  });
}

/** Lets Vault know the tokens that it is to know; a call may have ended one. */
async function reviveTokens(): Promise<void> {
  const { configToken, variableToken, loginToken, homeToken } = planted;
  const { dotenvToken, clusterToken, deploymentToken, typedToken } = planted;
  for (const id of [
    configToken,
    variableToken,
    loginToken,
    homeToken,
    dotenvToken,
    clusterToken,
    deploymentToken,
    typedToken,
  ]) {
    await fetch(`${vault.address}/v1/auth/token/create`, {
      method: 'POST',
      headers: { 'X-Vault-Token': vault.rootToken },
      body: JSON.stringify({ id, policies: ['reader'], ttl: '1h', no_parent: true }),
    });
  }
}

/** A machine in a situation. */
function newHome({ section, variables, files }: Situation): Home {
  const home = new Home();
  const own = new Map([
    ['protected', 'true'],
    ['DB_HOSTNAME', 'localhost'],
    ['DB_PORT', String(postgres.port)],
    ['DB_NAME', 'planted'],
    ['DB_CA_FILE', ca],
    ['VAULT_ADDRESS', vault.address],
    ['VAULT_READ_PATH', 'secret/planted/db'],
  ]);
  for (const line of section?.() ?? []) {
    const [, key = '', value = ''] = /^(\w+): (.*)$/.exec(line) ?? [];
    own.set(key, value);
  }
  const lines = [...own].map(([key, value]) => `    ${key}: ${value}\n`).join('');
  const all = {
    '.spire/config.yml': `environments:\n  planted:\n${lines}  other:\n    DB_PASSWORD: ${JSON.stringify(planted.otherPassword)}\n`,
    '.vault-token': planted.homeToken,
    '.env': `VAULT_TOKEN=${planted.dotenvToken}\nDB_PASSWORD=${planted.dotenvPassword}\n`,
    '.databrickscfg': `[DEFAULT]\nhost = ${databricks.address}\nauth_type = databricks-cli\n`,
    'malformed.yml': `password: ${planted.definition}: "${planted.definition}
name: [
`,
    'malformed.json': `{"name": "${planted.definition}" "${planted.definition}"`,
    'malformed-fields.yml': `name: a
type: SpireJarJobConfig
definition:
  idempotency_token: [${planted.definition}]
  new_cluster:
    spark_env_vars: DB_PASSWORD=${planted.definition}
    docker_image: { basic_auth: ${planted.definition} }
`,
    ...files?.(),
  };
  for (const [name, text] of Object.entries(all)) {
    const file = join(home.directory, name);
    mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600 });
  }
  mkdirSync(join(home.directory, 'tmp'));
  Object.assign(home.variables, {
    PATH: [bin, home.variables.PATH].join(delimiter),
    TMPDIR: join(home.directory, 'tmp'),
    INIT_CWD: home.directory,
    SPIRE_ENVIRONMENT: 'planted',
    NODE_COMPILE_CACHE: compileCache,
    NODE_OPTIONS: `--require ${join(shared, 'record-argv.cjs')}`,
    DEBUG: '*',
    NODE_DEBUG: 'http,https,http2,net,tls,stream,fetch,undici',
    ...variables?.(),
  });
  return home;
}

/** What shows a secret in files below a directory that aren't there to hold one. */
function leaksInFiles(directory: string): string[] {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const name = relative(directory, path);
      const shown = secrets.shownIn(`${name}\n${readFileSync(path, 'latin1')}`);
      if (!HOLDERS.test(name)) return shown.map((secret) => `file ${name}: ${secret}`);
      const isPrivate = (statSync(path).mode & 0o077) === 0;
      return shown.length > 0 && !isPrivate ? [`file ${name}: others may read it`] : [];
    });
}

/** What stdin says: a secret, unless it could be read as an argument that isn't given. */
function typedTo(id: string): string | undefined {
  const hasArguments = Object.keys(COMMANDS[id]?.args ?? {}).length > 0;
  return hasArguments && !READ_SECRETS.includes(id) ? undefined : planted.typedToken;
}

/** Runs a command in a situation, in each of the calls; @returns what showed a secret. */
async function leaksOf(id: string, calls: readonly string[][], situation: Situation) {
  const leaks: string[] = [];
  for (const call of calls) {
    await refill();
    const home = newHome(situation);
    const confirmed = takes(id, 'confirm') ? withWords(call, '--confirm', 'planted') : [...call];
    const asked = call.length % 2 === 0 ? withWords(confirmed, '--json') : confirmed;
    shadows += 1;
    const shadow = takes(id, 'shadow-url') ? `shadow_${shadows}` : undefined;
    // Whoever finds it may make tables: its password is a secret as well.
    if (shadow) home.variables.SPIRE_SHADOW_URL = await plantedDatabase(shadow);
    const { stdout, stderr } = await home.spire(asked, typedTo(id));
    if (shadow) await postgres.dropDatabase(shadow);
    const words = asked.filter((word) => !word.startsWith('/')).join(' ');
    const gives = call.includes('--with-password') || call.includes('--raw');
    const inOutput = gives ? [] : secrets.shownIn(stdout);
    leaks.push(...inOutput.map((secret) => `${words}, stdout: ${secret}`));
    leaks.push(...secrets.shownIn(stderr).map((secret) => `${words}, stderr: ${secret}`));
    // What nobody expected is a fault of another kind, and what it says was never looked at.
    const unexpected = /UNEXPECTED|MODULE_NOT_FOUND/.exec(stdout + stderr);
    if (unexpected) leaks.push(`${words}: ${unexpected[0]}`);
    if (STARTERS.includes(id)) {
      for (const topic of ['local', 'practice']) await home.spire([topic, 'down']);
    }
    leaks.push(...leaksInFiles(home.directory).map((leak) => `${words}, ${leak}`));
    rmSync(home.directory, { recursive: true, force: true });
  }
  return leaks;
}

it.each(Object.entries(SITUATIONS))(
  '%s: no secret shows',
  { timeout: 180_000 },
  async (name, situation) => {
    await reviveTokens();
    const simple = newHome(situation);
    const { exitCode, stdout } = await simple.spire(['workflows', 'list', '--json']);
    expect([exitCode === 0, JSON.parse(stdout).error?.code]).toEqual([
      !situation.fails,
      situation.fails,
    ]);
    rmSync(simple.directory, { recursive: true, force: true });

    const isFirst = name === Object.keys(SITUATIONS)[0];
    const leaks: string[] = [];
    const of = (id: string, calls: readonly string[][]) => async () => {
      leaks.push(...(await leaksOf(id, calls, situation)));
    };
    await inParallel([
      ...Object.keys(COMMANDS)
        .filter((id) => isFirst || !STARTERS.includes(id))
        .map((id) => {
          const calls = callsOf(id, [process.execPath, '--eval', '0']);
          return of(id, situation.thorough ? calls : calls.slice(-1));
        }),
      ...(situation.thorough
        ? MORE_CALLS.map((call) => of(call.slice(0, 2).join(':'), [call]))
        : []),
    ]);
    expect(leaks).toEqual([]);
  },
);

it('no program got a secret as an argument', () => {
  const argv = readFileSync(argvLog, 'utf8');
  expect(argv).toContain('["psql"');
  expect(argv).toContain('["databricks","auth","token"');
  expect(secrets.shownIn(argv)).toEqual([]);
});

it("neither Postgres' log nor the compile cache shows one", () => {
  const log = readFileSync(join(postgres.dataDirectory, 'postgres.log'), 'utf8');
  expect(log).toContain('[spire workflows list]');
  expect(secrets.shownIn(log)).toEqual([]);
  expect(leaksInFiles(compileCache)).toEqual([]);
});

it.each([
  ['as it is', (text: string) => text],
  ['percent-encoded', encodeURIComponent],
  ['in base64', (text: string) => Buffer.from(`user:${text}`).toString('base64')],
  ['in JSON', (text: string) => JSON.stringify({ text })],
  ['cut off', (text: string) => text.slice(0, AROUND[0].length + 25)],
])('a secret is noticed %s, so that the tests above can fail', (_, encoded) => {
  expect(secrets.shownIn(`a ${encoded(planted.password)} b`)).toEqual(['the password']);
});
