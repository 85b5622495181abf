import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfigFile } from '@spire/access';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Home } from './spire-process.ts';
import { hasTerminal, onTerminal } from './terminal.ts';

// Both shapes in which the former command wrote the file, with what Spire doesn't know.
const FLAT = `# ours
development:
    DATABRICKS_HOST: https://example.cloud.databricks.com
    DB_HOSTNAME: dev.example.com   # the old one
    DEPLOYMENT_ENV: development
    GHCR_USER: somebody
    MLFLOW_TRACKING_URI: databricks
    VAULT_ADDR: https://vault.example.com:8200
    VAULT_TOKEN: hvs.old
`;
const NESTED = `active_env: staging            # ours
environments:
  development: {DB_HOSTNAME: dev.example.com, GHCR_USER: somebody, VAULT_ADDR: "https://vault.example.com:8200", VAULT_TOKEN: hvs.old}
  staging:
    DB_HOSTNAME: ''
    VAULT_TOKEN: hvs.staging
  production: {}
`;

let home: Home;
let file: string;
const read = () => readFileSync(file, 'utf8');

function write(text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
}

beforeEach(() => {
  home = new Home();
  file = join(home.directory, '.spire', 'config.yml');
  mkdirSync(join(home.directory, '.spire'), { mode: 0o700 });
  write(FLAT);
});
afterEach(() => home.end());

const dev = ['-e', 'development'];

describe.each([
  ['flat', FLAT],
  ['nested', NESTED],
])('a file of the former command, %s', (_, before) => {
  beforeEach(() => write(before));

  it.each([
    [['set', 'DB_HOSTNAME', 'new.example.com', ...dev], 'dev.example.com', 'new.example.com'],
    [
      ['set', 'VAULT_ADDRESS', 'https://other.example.com', ...dev],
      'https://vault.example.com:8200',
      'https://other.example.com',
    ],
  ])('env %j changes that value alone', async (args, was, is) => {
    const { exitCode, stdout } = await home.spire(['env', ...args]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`of development in ${file}`)]);
    expect(read().replaceAll('"', '')).toBe(before.replace(was, is).replaceAll('"', ''));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('env unset removes the value alone', async () => {
    expect((await home.spire(['env', 'unset', 'VAULT_TOKEN', ...dev])).exitCode).toBe(0);
    expect(read()).toBe(before.replace(/( {4}VAULT_TOKEN: hvs.old\n|, VAULT_TOKEN: hvs.old)/, ''));
    const again = await home.spire(['env', 'unset', 'VAULT_TOKEN', ...dev]);
    expect([again.exitCode, again.stdout]).toEqual([0, expect.stringMatching(/nothing to remove/)]);
  });

  it('env use chooses, and changes one line', async () => {
    expect((await home.spire(['env', 'use', 'development'])).exitCode).toBe(0);
    const others = (text: string) =>
      text.split('\n').filter((line) => !line.startsWith('active_env'));
    expect(others(read())).toEqual(others(before));
    expect(read()).toMatch(/^active_env: development/m);
  });
});

describe('env set', () => {
  it('refuses what it cannot set, and writes nothing', async () => {
    const cases: [args: string[], said: RegExp][] = [
      [['DB_PORT', '70000', ...dev], /DB_PORT: expected a port/],
      [['DB_TLS', 'disable', ...dev], /only local may be unencrypted/],
      [['DB_NAME', '', ...dev], /expected a value/],
      [['DB_NAME', ...dev], /Missing VALUE/],
      [['DB_HOSTNAM', 'x', ...dev], /Did you mean DB_HOSTNAME\?/],
      [['protected', 'true', ...dev], /by hand/],
      [['contacts', 'ann', ...dev], /by hand/],
      [['DB_NAME', 'x', '-e', 'local'], /spire local up/],
      [['DB_NAME', 'x', '-e', 'nowhere'], /nowhere/],
    ];
    for (const [args, said] of cases) {
      const { exitCode, stderr } = await home.spire(['env', 'set', ...args]);
      expect([args, exitCode, stderr]).toEqual([args, 2, expect.stringMatching(said)]);
    }
    expect(read()).toBe(FLAT);
  });

  it.each(['VAULT_TOKEN', 'DB_PASSWORD', 'DATABRICKS_TOKEN', 'ASTRO_API_TOKEN'])(
    'takes %s from stdin, never from an argument, and shows it nowhere',
    async (key) => {
      const refused = await home.spire(['env', 'set', key, 'canary-1', ...dev]);
      expect([refused.exitCode, refused.stderr]).toEqual([
        2,
        expect.stringMatching(/shell's history/),
      ]);
      expect(read()).toBe(FLAT);
      const set = await home.spire(['env', 'set', key, ...dev], 'canary-2\n');
      expect(set.exitCode).toBe(0);
      expect(read()).toContain(`${key}: canary-2\n`);
      const all = refused.stdout + refused.stderr + set.stdout + set.stderr;
      expect(all).not.toMatch(/canary/);
    },
  );

  it('keeps every character of a password but the end of its line', async () => {
    await home.spire(['env', 'set', 'DB_PASSWORD', ...dev], ' a"b\': #{x} \n');
    const { entries } = loadConfigFile(file).environments.get('development') ?? {};
    expect(entries?.get('DB_PASSWORD')?.value).toBe(' a"b\': #{x} ');
    expect((await home.spire(['env', 'unset', 'DB_PASSWORD', ...dev])).exitCode).toBe(0);
    expect(read()).toBe(FLAT);
  });

  it('an empty stdin sets nothing, and says how', async () => {
    const { exitCode, stderr } = await home.spire(['env', 'set', 'VAULT_TOKEN', ...dev]);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/spire env set VAULT_TOKEN -e development </),
    ]);
  });

  it('two names of one value change together', async () => {
    const both = FLAT.replace(
      '    VAULT_TOKEN',
      '    VAULT_ADDRESS: https://vault.example.com:8200\n$&',
    );
    write(both);
    const { key } = await home.json('env', 'set', 'VAULT_ADDR', 'https://new.example.com', ...dev);
    expect(key).toBe('VAULT_ADDRESS, VAULT_ADDR');
    expect(read()).toBe(
      both.replaceAll('https://vault.example.com:8200', 'https://new.example.com'),
    );
  });

  it('says what it overrides, and what is stronger or contradicts it', async () => {
    const notices = async (...args: string[]) =>
      (await home.json('env', 'set', ...args, ...dev)).notices.join('\n');
    expect(await notices('DB_PORT', '5433')).toMatch(/overrides 5432 \(default\)/);
    home.variables.DB_PORT = '5434';
    expect(await notices('DB_PORT', '5435')).toMatch(/disagree.*variable DB_PORT/);
    home.variables.DEPLOYMENT_ENV = 'development';
    expect(await notices('DB_PORT', '5436')).toMatch(/variable DB_PORT is stronger/);
  });

  it('without a name, sets the selected environment, and never production', async () => {
    write(`active_env: development\n${FLAT}`);
    await home.spire(['env', 'set', 'DB_NAME', 'mine']);
    expect(read()).toBe(`active_env: development\n${FLAT}    DB_NAME: mine\n`);
    write(`active_env: production\n${FLAT}`);
    const { exitCode } = await home.spire(['env', 'set', 'DB_NAME', 'mine']);
    expect([exitCode, read()]).toEqual([2, `active_env: production\n${FLAT}`]);
  });
});

describe.runIf(hasTerminal)('env set on a terminal', () => {
  const ask = (keys: string) =>
    onTerminal(home, ['env', 'set', 'VAULT_TOKEN', ...dev], [[/VAULT_TOKEN: /, keys]]);

  it('asks without echo; marks of pasting and other keys are no part of it', async () => {
    const { exitCode, stdout } = await ask('\u001b[200~hvs.canaryX\u001b[201~\u001b[D\u007f\r');
    expect(exitCode).toBe(0);
    expect(stdout).not.toMatch(/canary/);
    expect(read()).toBe(FLAT.replace('hvs.old', 'hvs.canary'));
  });

  it.each([
    ['Ctrl-D', 'hvs.canary\u0004', 2],
    ['Enter alone', '\r', 2],
    ['Ctrl-C', 'hvs.canary\u0003', 130],
  ])('%s sets nothing', async (_, keys, code) => {
    expect((await ask(keys)).exitCode).toBe(code);
    expect(read()).toBe(FLAT);
  });
});
