import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDevelopment } from './practice-development.ts';
import { BINS, ended, Home } from './spire-process.ts';
import { withClient } from './with-client.ts';

const hasPsql = spawnSync('psql', ['--version']).status === 0;
if (!hasPsql) console.log("Skipped: what psql makes of Spire's files, since psql isn't installed");

let development: Awaited<ReturnType<typeof startDevelopment>>;
let token: string;
let home: Home;

beforeAll(async () => {
  development = await startDevelopment();
  token = await development.token();
  const { ask, postgres } = development;
  await ask('POST', 'sys/mounts/database', { type: 'database' });
  await ask('POST', 'database/config/main', {
    plugin_name: 'postgresql-database-plugin',
    allowed_roles: '*',
    connection_url: `postgresql://{{username}}:{{password}}@127.0.0.1:${postgres.port}/spire_db`,
    username: postgres.user,
    password: postgres.password,
  });
  await ask('POST', 'database/roles/brief', {
    db_name: 'main',
    creation_statements: `create role "{{name}}" login password '{{password}}'`,
    default_ttl: '1h',
  });
});
afterAll(() => development?.stop());

const at = (name: string) => join(home.directory, '.spire', name);
const sectionOf = (values: object) =>
  Object.entries(values)
    .map(([name, value]) => `    ${name}: "${value}"\n`)
    .join('');

/** Development as it is, production on the same server, and staging with users of Vault's making. */
beforeEach(() => {
  home = new Home();
  development.trust(home);
  const { DB_CA_FILE } = home.variables;
  delete home.variables.DB_CA_FILE;
  const { DEPLOYMENT_ENV: _, ...rest } = development.variables;
  const values = { ...rest, DB_CA_FILE, VAULT_TOKEN: token };
  const brief = {
    ...values,
    VAULT_READ_PATH: 'database/creds/brief',
    VAULT_TOKEN: development.vault.rootToken,
  };
  mkdirSync(at(''), { mode: 0o700 });
  writeFileSync(
    at('config.yml'),
    `environments:\n  production:\n${sectionOf(values)}  staging:\n${sectionOf(brief)}  development:\n${sectionOf(values)}`,
    { mode: 0o600 },
  );
});
afterEach(() => home.end());

/** The users that Vault has made and that are still there. */
async function madeUsers(): Promise<number> {
  const { postgres } = development;
  const { rows } = await withClient(postgres, 'spire_db', (client) =>
    client.query(`select 1 from pg_roles where rolname like 'v-%'`),
  );
  return rows.length;
}

describe('db password', () => {
  const call = ['db', 'password', '-e', 'development'];

  it.each(Object.keys(BINS) as (keyof typeof BINS)[])(
    'prints it and nothing else (%s)',
    async (bin) => {
      const caller = new Home(home.variables, BINS[bin]);
      expect(await caller.spire([...call, '--raw'])).toEqual({
        stdout: `${development.postgres.password}\n`,
        stderr: '',
        exitCode: 0,
        signal: null,
      });
      await caller.end();
    },
  );

  it('says whose it is without --raw, and keeps it', async () => {
    const { stdout, stderr, exitCode } = await home.spire(call);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^The password of \S+ comes from Vault .*\. It isn't shown\.\n$/);
    expect(stderr).toContain('spire db password -e development --raw');
    expect(stdout + stderr).not.toContain(development.postgres.password);
  });

  it.each([
    [['--raw', '--json'], 2, 'USAGE'],
    [['--raw', '-e', 'nowhere'], 2, 'ENVIRONMENT_UNKNOWN'],
    [['--raw', '-e', 'staging'], 4, 'CREDENTIALS_MISSING'],
    [['-e', 'staging'], 4, 'CREDENTIALS_MISSING'],
  ])('with %j exits with %i, and says why on stderr', async (flags, code, error) => {
    const { stdout, stderr, exitCode } = await home.spire(['db', 'password', ...flags]);
    expect(exitCode).toBe(code);
    expect(flags.includes('--json') ? stdout : stderr).toContain(error);
    if (!flags.includes('--json')) expect(stdout).toBe('');
    expect(await madeUsers()).toBe(0);
  });
});

describe('gui psql', () => {
  it('writes services and passwords, and names who is left out', async () => {
    const { services, leftOut, serviceFile, passfile } = await home.json('gui', 'psql');
    expect(services).toMatchObject([
      { service: 'spire-production', environment: 'production', readOnly: true },
      { service: 'spire-development', environment: 'development', readOnly: false },
    ]);
    expect(leftOut).toMatchObject([
      {
        environment: 'staging',
        code: 'CREDENTIALS_MISSING',
        suggestions: [expect.stringContaining('database/static-creds/ROLE'), expect.anything()],
      },
    ]);
    expect([serviceFile, passfile]).toEqual([at('pg_service.conf'), at('pgpass')]);
    for (const file of [serviceFile, passfile]) expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(serviceFile, 'utf8')).not.toContain(development.postgres.password);
    expect(await madeUsers()).toBe(0);
  });

  it('leaves out what is broken, and says so', async () => {
    const text = readFileSync(at('config.yml'), 'utf8');
    writeFileSync(at('config.yml'), text.replace(/DB_PORT: .*/, 'DB_PORT: many'));
    const { services, leftOut } = await home.json('gui', 'psql');
    expect(services).toMatchObject([{ environment: 'development' }]);
    expect(leftOut).toMatchObject([
      { environment: 'production', code: 'CONFIG_INVALID' },
      { environment: 'staging' },
    ]);
  });

  it('prints what to paste, and that passwords are on disk', async () => {
    const { stdout, stderr } = await home.spire(['gui', 'psql', '-e', 'development']);
    expect(stdout).toContain(
      `\nexport PGSERVICEFILE='${at('pg_service.conf')}'\npsql service=spire-development\n`,
    );
    expect(stderr).toContain(`the passwords of now into ${at('pgpass')}, which only you may read`);
    expect(readFileSync(at('pg_service.conf'), 'utf8')).not.toContain('spire-production');
  });

  it("leaves somebody else's file alone", async () => {
    writeFileSync(at('pg_service.conf'), '[mine]\nhost=here\n');
    const { exitCode, stderr } = await home.spire(['gui', 'psql']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("wasn't written by Spire")]);
    expect(readFileSync(at('pg_service.conf'), 'utf8')).toBe('[mine]\nhost=here\n');
  });

  it('says what keeps an environment that was named', async () => {
    const { error } = await home.json('gui', 'psql', '-e', 'staging');
    expect(error.code).toBe('CREDENTIALS_MISSING');
  });

  it.skipIf(!hasPsql)('is what psql connects by', async () => {
    const { serviceFile } = await home.json('gui', 'psql');
    const { PATH } = process.env;
    const psql = (service: string, sql: string) => {
      const args = [`service=${service}`, '--no-psqlrc', '--no-password', '-Atc', sql];
      const env = { PATH, HOME: home.directory, PGSERVICEFILE: serviceFile };
      const { stdout, stderr } = spawnSync('psql', args, { env, encoding: 'utf8' });
      return stdout + stderr;
    };
    const encrypted = 'select count(*) from pg_stat_ssl where ssl and pid = pg_backend_pid()';
    expect(psql('spire-development', encrypted)).toBe('1\n');
    expect(psql('spire-production', encrypted)).toBe('1\n');
    expect(psql('spire-production', 'delete from workflows')).toContain('read-only transaction');
  });
});

describe('gui pgadmin', () => {
  /** A Python with a pgAdmin that has no servers, and that answers to an import. */
  function standIn(answer: string): string {
    const python = join(home.directory, 'pgadmin', 'venv', 'bin', 'python3');
    const setup = join(home.directory, 'pgadmin', 'web', 'setup.py');
    for (const file of [python, setup]) mkdirSync(dirname(file), { recursive: true });
    writeFileSync(setup, '');
    const dump = `echo '{"Servers": {}}' >"$5"`;
    writeFileSync(
      python,
      `#!/bin/sh\necho "$4" >>"$HOME/called"\nif [ "$4" = dump-servers ]; then ${dump}; else ${answer}; fi\n`,
    );
    chmodSync(python, 0o755);
    return python;
  }

  it('has commands that print the passwords, to a program that has no variables', async () => {
    const { file, servers, leftOut } = await home.json('gui', 'pgadmin');
    expect(servers).toMatchObject([
      { name: 'Spire Production', readOnly: true },
      { name: 'Spire Development', readOnly: false },
    ]);
    expect(leftOut).toMatchObject([{ environment: 'staging' }]);
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(development.postgres.password);
    const { Servers } = JSON.parse(text);
    const { PasswordExecCommand, ConnectionParameters } = Servers[2];
    expect(ConnectionParameters).toMatchObject({
      sslmode: 'verify-full',
      sslrootcert: join(home.directory, 'ca.pem'),
    });
    const shell = await ended(spawn('/bin/sh', ['-c', PasswordExecCommand], { env: {} }));
    expect([shell.stdout, shell.stderr]).toEqual([`${development.postgres.password}\n`, '']);
  });

  it('takes a password file where no command may be run', async () => {
    const { file, passfile } = await home.json('gui', 'pgadmin', '--passfile', 'of-mine');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('"passfile": "of-mine"');
    expect(text).not.toContain('PasswordExecCommand');
    expect(readFileSync(passfile, 'utf8')).toContain(
      `:spire_db:${development.postgres.user}:${development.postgres.password}`,
    );
  });

  it('follows the config file alone', async () => {
    Object.assign(home.variables, {
      SPIRE_CONFIG_DIR: join(home.directory, 'empty'),
      ...development.variables,
      VAULT_TOKEN: token,
    });
    const { error } = await home.json('gui', 'pgadmin');
    expect(error).toMatchObject({
      code: 'CREDENTIALS_MISSING',
      message: 'No environment is configured.',
    });
  });

  it('writes its file anew, and nobody else\u2019s', async () => {
    const output = join(home.directory, 'servers.json');
    for (const _ of ['once', 'again']) {
      expect((await home.spire(['gui', 'pgadmin', '--output', output])).exitCode).toBe(0);
    }
    writeFileSync(output, '{"Servers": {}}');
    const { exitCode } = await home.spire(['gui', 'pgadmin', '--output', output]);
    expect([exitCode, readFileSync(output, 'utf8')]).toEqual([2, '{"Servers": {}}']);
  });

  it.each([
    ['echo "Added 1 Server Group(s) and 2 Server(s)."', 0],
    ['echo "Added 1 Server Group(s) and 1 Server(s)."', 1],
    ['echo "Error reading input file"', 1],
    ['exit 1', 1],
  ])('believes an import that says %j: %i', async (answer, code) => {
    const python = standIn(answer);
    const call = ['gui', 'pgadmin', '--import', '--python', python];
    const { exitCode, stderr } = await home.spire(call);
    expect(exitCode).toBe(code);
    if (code) expect(stderr).toContain('PGADMIN_FAILED');
    const called = readFileSync(join(home.directory, 'called'), 'utf8');
    expect(called).toBe('dump-servers\nload-servers\n');
  });

  it('says how to import by hand where there is no pgAdmin', async () => {
    const call = ['gui', 'pgadmin', '--import', '--python', '/nowhere/python3'];
    const { exitCode, stderr } = await home.spire(call);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/Tools > Import\/Export Servers[\s\S]*PGADMIN_MISSING/);
  });
});
