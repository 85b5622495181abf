import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDevelopment } from './practice-development.ts';
import { Home } from './spire-process.ts';
import { hasTerminal, onTerminal } from './terminal.ts';

let development: Awaited<ReturnType<typeof startDevelopment>>;
let token: string;
const home = new Home();

beforeAll(async () => {
  development = await startDevelopment();
  token = await development.token();
  const { DEPLOYMENT_ENV: _, ...values } = development.variables;
  const section = Object.entries({ ...values, VAULT_TOKEN: token })
    .map(([name, value]) => `    ${name}: "${value}"\n`)
    .join('');
  mkdirSync(join(home.directory, '.spire'), { mode: 0o700 });
  writeFileSync(
    join(home.directory, '.spire', 'config.yml'),
    `environments:\n  development:\n${section}  vital:\n    protected: true\n${section}`,
    { mode: 0o600 },
  );
});
afterAll(async () => {
  await development?.stop();
  await home.end();
});

const show = ['env', 'show', '-e', 'development'];

describe('--vault', () => {
  it('shows what Vault has, with its origin, and no secret', async () => {
    const { stdout, stderr } = await home.spire([...show, '--vault', '--json']);
    const path = 'secret/data-innovation/spire/development/db';
    const origin = { kind: 'vault', path, version: '1' };
    const { values } = JSON.parse(stdout);
    expect(values).toContainEqual({
      key: 'DB_USER',
      value: development.postgres.user,
      origin,
      overrode: [{ value: 'spiredevusr', origin: { kind: 'default' } }],
    });
    expect(values).toContainEqual({
      key: 'DB_PASSWORD',
      value: '[redacted]',
      origin,
      overrode: [],
    });
    for (const secret of [development.postgres.password, token])
      expect(stdout + stderr).not.toContain(secret);
    expect((await home.spire([...show, '--vault'])).stdout).toMatch(
      new RegExp(`^DB_USER .* Vault ${path} \\(version 1\\)`, 'm'),
    );
  });

  it('without it, nothing of Vault shows', async () => {
    const { stdout } = await home.spire([...show, '--json']);
    expect(stdout).not.toMatch(/DB_PASSWORD|"vault"/);
  });
});

describe('--reveal', () => {
  it.each([
    [['VAULT_TOKEN'], /on a terminal alone/],
    [['VAULT_TOKEN', '--json'], /on a terminal alone/],
    [['DB_HOSTNAME'], /no secret/],
  ])('%j without a terminal shows nothing', async (more, said) => {
    const { exitCode, stdout, stderr } = await home.spire([...show, '--reveal', ...more]);
    expect([exitCode, stdout + stderr]).toEqual([2, expect.stringMatching(said)]);
    expect(stdout + stderr).not.toContain(token);
  });

  describe.runIf(hasTerminal)('on a terminal', () => {
    const stderr = join(home.directory, 'stderr');

    it.each([
      [['VAULT_TOKEN'], () => token],
      [['DB_PASSWORD', '--vault'], () => development.postgres.password],
    ])('%j shows the value, on stdout alone', async (more, secret) => {
      const { stdout } = await onTerminal(
        home,
        [...show, '--reveal', ...more],
        [],
        `2>'${stderr}'`,
      );
      expect([stdout.trim(), readFileSync(stderr, 'utf8')]).toEqual([secret(), '']);
    });

    it.each([
      ['vital', 0],
      ['yes', 3],
    ])('a protected environment asks for its name: %s', async (typed, code) => {
      const { exitCode, stdout } = await onTerminal(
        home,
        ['env', 'show', '-e', 'vital', '--reveal', 'VAULT_TOKEN'],
        [[/shows a secret of vital.*Type vital/, `${typed}\r`]],
      );
      expect([exitCode, stdout.includes(token)]).toEqual([code, code === 0]);
      expect(stdout.includes('Nothing was shown')).toBe(code !== 0);
    });
  });
});

describe('--json', () => {
  /** For each key: what the config file says, and what a variable says. */
  const BOTH: Readonly<Record<string, readonly [file: string, variable: string]>> = {
    DB_HOSTNAME: ['f.example.com', 'v.example.com'],
    DB_PORT: ['1', '2'],
    DB_NAME: ['f', 'v'],
    DB_USER: ['f', 'v'],
    DB_PASSWORD: ['f', 'v'],
    DB_TLS: ['verify-full', 'verify-full'],
    DB_CA_FILE: ['/f.pem', '/v.pem'],
    VAULT_ADDRESS: ['https://f:8200', 'https://f:8200'],
    VAULT_CACERT: ['/f.pem', '/v.pem'],
    VAULT_TOKEN: ['f', 'v'],
    VAULT_AUTH_METHOD: ['token', 'oidc'],
    VAULT_AUTH_MOUNT: ['f', 'v'],
    VAULT_AUTH_ROLE: ['f', 'v'],
    VAULT_READ_PATH: ['f/db', 'v/db'],
    VAULT_WRITE_PATH: ['f/w', 'v/w'],
  };
  const SECRETS = ['DB_PASSWORD', 'VAULT_TOKEN'];

  it.each([
    ['staging', 'variable'],
    ['production', 'file'],
    ['nowhere', 'file'],
  ])(
    'with DEPLOYMENT_ENV=%s, each value of staging is of the %s, with what it overrode',
    async (state, kind) => {
      const one = new Home({ DEPLOYMENT_ENV: state });
      mkdirSync(join(one.directory, '.spire'), { mode: 0o700 });
      const file = join(one.directory, '.spire', 'config.yml');
      const lines = Object.entries(BOTH).map(([key, [value]]) => `  ${key}: "${value}"\n`);
      writeFileSync(file, `staging:\n${lines.join('')}`, { mode: 0o600 });
      for (const [key, [, value]] of Object.entries(BOTH)) one.variables[key] = value;
      const { values, notices } = await one.json('env', 'show', '-e', 'staging');
      const shown = (key: string, value: string) => (SECRETS.includes(key) ? '[redacted]' : value);
      const expected = Object.entries(BOTH).map(([key, [inFile, variable]], index) => {
        const ofFile = {
          value: shown(key, inFile),
          origin: { kind: 'file', file, line: index + 2, name: key },
        };
        const ofVariable = {
          value: shown(key, variable),
          origin: { kind: 'variable', name: key },
        };
        const [strong, weak] = kind === 'variable' ? [ofVariable, [ofFile]] : [ofFile, []];
        return { key, ...strong, overrode: expect.arrayContaining(weak) };
      });
      expect(values).toEqual(expected);
      expect(notices.length).toBe(kind === 'variable' ? 0 : 1);
      await one.end();
    },
  );
});
