import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDevelopment } from './practice-development.ts';
import { Home } from './spire-process.ts';

const home = new Home();
let development: Awaited<ReturnType<typeof startDevelopment>>;
let silent: Server;

/** Takes connections and never says a word, as a host behind a broken firewall. */
async function startSilent(): Promise<number> {
  silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  return typeof address === 'object' && address ? address.port : 0;
}

beforeAll(async () => {
  development = await startDevelopment();
  development.trust(home);
  const port = await startSilent();
  const token = await development.token();
  const blind = (await development.ask('POST', 'auth/token/create', {
    policies: ['default'],
    ttl: '30m',
    renewable: false,
  })) as { auth: { client_token: string } };
  const { vault, postgres } = development;
  mkdirSync(join(home.directory, '.spire'), { mode: 0o700 });
  const section = (name: string, values: Record<string, string | number>) =>
    [`  ${name}:`, ...Object.entries(values).map(([key, value]) => `    ${key}: "${value}"`)].join(
      '\n',
    );
  const there = { DB_HOSTNAME: 'localhost', DB_PORT: postgres.port };
  writeFileSync(
    join(home.directory, '.spire', 'config.yml'),
    [
      'active_env: development',
      'environments:',
      section('development', { ...there, VAULT_ADDRESS: vault.address, VAULT_TOKEN: token }),
      section('blind', {
        ...there,
        VAULT_ADDRESS: vault.address,
        VAULT_TOKEN: blind.auth.client_token,
        VAULT_READ_PATH: 'secret/data-innovation/spire/development/db',
      }),
      section('silent-vault', {
        ...there,
        VAULT_ADDRESS: `http://127.0.0.1:${port}`,
        VAULT_TOKEN: 'x',
      }),
      section('silent-host', {
        DB_HOSTNAME: '127.0.0.1',
        DB_PORT: port,
        VAULT_ADDRESS: vault.address,
        VAULT_TOKEN: token,
        VAULT_READ_PATH: 'secret/data-innovation/spire/development/db',
      }),
      section('nowhere', { DB_HOSTNAME: 'nowhere.invalid', DB_USER: 'a', DB_PASSWORD: 'b' }),
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
});
afterAll(async () => {
  silent?.close();
  await development?.stop();
  await home.end();
});

// Its limits are wall time, which another test may take away.
it('shows all environments side by side, dead ones too, within two seconds', {
  retry: 2,
}, async () => {
  const started = performance.now();
  const { environments, selectedBy } = await home.json('status');
  expect(performance.now() - started).toBeLessThan(2000);
  expect(selectedBy).toMatchObject({ kind: 'file', name: 'active_env', line: 1 });
  const found = Object.fromEntries(environments.map((one: { name: string }) => [one.name, one]));
  expect(found.development).toMatchObject({
    selected: true,
    reachable: true,
    host: 'localhost',
    hostFrom: expect.stringMatching(/config\.yml:\d+$/),
    role: development.postgres.user,
    tokenFrom: expect.stringMatching(/config\.yml:\d+$/),
    tokenSecondsLeft: expect.any(Number),
    tokenRenewable: true,
    readable: true,
    version: '0012_dfp_orders',
    pending: 0,
    claimedAs: 'development',
    problem: null,
  });
  expect(found.blind).toMatchObject({
    reachable: false,
    readable: false,
    tokenRenewable: false,
    problem: { code: 'VAULT_DENIED' },
  });
  expect(found['silent-vault'].problem.code).toBe('VAULT_UNAVAILABLE');
  expect(found['silent-host']).toMatchObject({ readable: true, reachable: false });
  expect(found['silent-host'].problem.suggestions.join()).toMatch(/spire (doctor|status)/);
  expect(found.nowhere.problem.code).toBe('CONNECTION_FAILED');
  expect(found.staging.problem).toMatchObject({
    message: 'not configured',
    suggestions: expect.arrayContaining([expect.stringMatching(/spire login -e staging/)]),
  });
});

it('says in a line who chose, and of each that is not reached what to do', async () => {
  const { exitCode, stdout } = await home.spire(['status']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    /^\* development +reachable +localhost +\S+ +\d+ (min|h), renewable +readable/m,
  );
  expect(stdout).toMatch(/^\* development is chosen by .*config\.yml:1$/m);
  expect(stdout).toMatch(/^blind {2}Vault at .* refuses this token on .*\n {2}-> /m);
});
