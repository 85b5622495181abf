import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimDatabase, readFingerprint } from '@spire/migrate';
import { type PostgresServer, startPostgres } from '@spire/servers';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Home } from './spire-process.ts';
import { hasTerminal, onTerminal } from './terminal.ts';
import { withClient } from './with-client.ts';

// `copy` was restored from production, `new` is nobody's yet, `own` is the environment's already.

const home = new Home();
let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgres({ lifetime: 'parent', tls: true });
  const ca = join(home.directory, 'ca.pem');
  writeFileSync(ca, postgres.ca ?? '');
  const section = (name: string, more = '') => `  ${name}:
    DB_HOSTNAME: localhost
    DB_PORT: ${postgres.port}
    DB_NAME: ${name}
    DB_USER: ${postgres.user}
    DB_PASSWORD: ${postgres.password}
    DB_CA_FILE: "${ca}"
${more}`;
  mkdirSync(join(home.directory, '.spire'), { mode: 0o700 });
  writeFileSync(
    join(home.directory, '.spire', 'config.yml'),
    `environments:\n${['copy', 'new', 'own'].map((name) => section(name)).join('')}${section('vital', '    protected: true\n')}`,
    { mode: 0o600 },
  );
  for (const name of ['copy', 'new', 'own', 'vital']) await postgres.createDatabase(name);
  await withClient(postgres, 'own', (client) => claimDatabase(client, 'own'));
});
beforeEach(() =>
  withClient(postgres, 'copy', async (client) => {
    await client.query('drop schema if exists spire cascade');
    await claimDatabase(client, 'production');
  }),
);
afterAll(async () => {
  await postgres?.stop();
  await home.end();
});

const claimed = (database: string) => withClient(postgres, database, readFingerprint);
const claim = (environment: string, ...more: string[]) =>
  home.spire(['db', 'claim', '-e', environment, ...more]);

it('claims what nobody has claimed', async () => {
  expect(await claim('new')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/is new/),
  });
  expect(await claimed('new')).toBe('new');
});

it('asks where the environment is protected', async () => {
  const { exitCode, stderr } = await claim('vital');
  expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/--confirm vital/)]);
  expect(await claimed('vital')).toBeUndefined();
  expect((await claim('vital', '--confirm', 'vital')).exitCode).toBe(0);
  expect(await claimed('vital')).toBe('vital');
});

it('does nothing where the database says it already', async () => {
  const { exitCode, stdout } = await claim('own', '--json');
  expect([exitCode, JSON.parse(stdout)]).toEqual([
    0,
    { environment: 'own', before: 'own', changed: false },
  ]);
});

it.each([
  [[], 3],
  [['--confirm', 'copy'], 3],
  [['--confirm', 'Production'], 3],
  [['--confirm', 'production'], 0],
])('a copy of production wants the old name: %j', async (more, code) => {
  const refused = await home.spire(['workflows', 'list', '-e', 'copy']);
  expect(refused.stderr).toMatch(/says that it is production/);
  const { exitCode, stdout, stderr } = await claim('copy', ...more);
  expect([exitCode, stdout + stderr]).toEqual([
    code,
    expect.stringMatching(
      code ? /spire db claim -e copy --confirm production/ : /now on it is copy/,
    ),
  ]);
  expect(await claimed('copy')).toBe(code ? 'production' : 'copy');
});

it.runIf(hasTerminal).each([
  ['production', 0, 'copy'],
  ['copy', 3, 'production'],
])('typed on a terminal: %s', async (typed, code, after) => {
  const asked = /writes to copy .* says that it is production\. Type production to go on/;
  const { exitCode } = await onTerminal(
    home,
    ['db', 'claim', '-e', 'copy'],
    [[asked, `${typed}\r`]],
  );
  expect([exitCode, await claimed('copy')]).toEqual([code, after]);
});
