import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ARCHIVE, COMMANDS, callsOf, inParallel, PID, takes, withWords } from './manifest-calls.ts';
import { environmentFor, startProtected } from './protected-databases.ts';
import type { Ended, Home } from './spire-process.ts';
import { hasTerminal, onTerminal, type Typing } from './terminal.ts';

// Nothing typed by accident hurts a protected database: every command of the manifest, a new one too, is
// called without what confirms it, and the databases hold the same afterwards. None is left out: those
// of the local environment have one of their own in the home that each command gets.

/** What a child does that would write if its session let it. */
const WRITING = 'delete from workflows';
const CHILD = [
  process.execPath,
  '--eval',
  `const { Client } = require(${JSON.stringify(createRequire(import.meta.url).resolve('pg'))});
  const client = new Client();
  client.connect().then(() => client.query('${WRITING}')).finally(() => client.end())
    .catch(() => process.exit(1));`,
];
const childOf = (id: string) => (id === 'db:psql' ? ['-c', WRITING] : CHILD);

/** What somebody hurried answers, whatever is shown, and then gives up on whatever else is asked. */
const ANSWERS = ['y\r', 'yes\r', '\r', '\u0004'].map((first): Typing[] =>
  [first, '\u0004', '\u0004', '\u0004'].map((keys) => [/./, keys]),
);

/** What carries out a plan is confirmed by that plan's hash. */
const PLANS = ['db:restore', 'migrate:down', 'migrate:up'];

let databases: Awaited<ReturnType<typeof startProtected>>;
let before: string;

beforeAll(async () => {
  databases = await startProtected();
  await writeArchive();
  before = await databases.contentHash();
});
afterAll(async () => {
  rmSync(ARCHIVE, { force: true });
  await databases?.stop();
});

/** A backup without the row that refers to nothing, which nobody could restore. */
async function writeArchive(): Promise<void> {
  const { postgres } = databases;
  await postgres.createDatabase('whole', { template: 'vital' });
  await databases.withClient('whole', (client) => client.query('delete from workflow_job_configs'));
  const home = databases.newHome();
  Object.assign(home.variables, { DEPLOYMENT_ENV: 'vital', DB_NAME: 'whole' });
  const { exitCode } = await home.spire(['db', 'backup', '-e', 'vital', '--to', ARCHIVE]);
  expect(exitCode).toBe(0);
  await home.end();
  await postgres.dropDatabase('whole');
}

/** One command, called in all the ways that could be a slip. */
function slips(id: string, home: Home): Promise<Ended[]> {
  const environment = environmentFor(id);
  home.variables.SPIRE_ENVIRONMENT = environment;
  // Whose session it is would notice its end.
  return databases.withClient(environment, async (client) => {
    const { rows } = await client.query('select pg_backend_pid()::text as pid');
    const calls = callsOf(id, childOf(id)).map((words) =>
      words.map((word) => (word === PID ? rows[0].pid : word)),
    );
    return slipsOf(id, home, calls);
  });
}

async function slipsOf(id: string, home: Home, calls: string[][]): Promise<Ended[]> {
  const environment = environmentFor(id);
  const boldest = calls.at(-1) ?? [];
  const wrong = takes(id, 'confirm')
    ? [
        'staging',
        '',
        `${environment}:0123456789ab`,
        ...(PLANS.includes(id) ? [environment] : []),
      ].map((word) => withWords(boldest, '--confirm', word))
    : [];
  const elsewhere = takes(id, 'environment') ? ['production', 'unclaimed'] : [];
  const ended: Ended[] = [];
  const runs = [
    ...[...calls, ...wrong].flatMap((call) => [
      () => home.spire(call),
      () => home.spire(withWords(call, '--json'), 'y\nyes\n\n'),
    ]),
    ...elsewhere.flatMap((name) =>
      distinctEnds(calls).map((call) => () => home.spire(withWords(call, '-e', name))),
    ),
    ...(hasTerminal
      ? (takes(id, 'confirm') ? ANSWERS : ANSWERS.slice(0, 1)).map(
          (typing) => () => onTerminal(home, boldest, typing),
        )
      : []),
  ];
  // Two resets of one local environment at once leave servers behind that nobody knows.
  const isLocal = id === 'quickstart' || id.startsWith('local:');
  // Each gets a shadow, since a server for each would take longer than all the rest.
  const needsShadow = takes(id, 'shadow-url');
  await inParallel(
    runs.map((run) => async () => {
      if (!needsShadow) return ended.push(await run());
      await using shadow = await databases.newShadow();
      home.variables.SPIRE_SHADOW_URL = shadow.url;
      return ended.push(await run());
    }),
    isLocal ? 1 : 4,
  );
  return ended;
}

/** The call with the least in it, and the one with the most. */
function distinctEnds(calls: readonly string[][]): readonly string[][] {
  return calls.length > 1 ? [calls[0] ?? [], calls.at(-1) ?? []] : calls;
}

it.each(Object.keys(COMMANDS))(
  '%s, without confirmation, leaves protected databases as they are',
  { timeout: 120_000 },
  async (id) => {
    const home = databases.newHome();
    let ended: Ended[];
    try {
      ended = await slips(id, home);
    } finally {
      await home.end();
    }
    // Otherwise none of the calls came as far as to be asked for it.
    if (takes(id, 'confirm')) expect(ended.map(({ exitCode }) => exitCode)).toContain(3);
    const after = await databases.contentHash();
    const same = after === before;
    // So that the next command isn't blamed for this one.
    before = after;
    expect(same).toBe(true);
  },
);

/** What asks for confirmation and yet changes no data: it shows secrets, ends sessions, or finds nothing to claim. */
const CHANGES_NOTHING = ['db:url', 'db:claim', 'db:kill', 'env:show'];
/** What no word lets near a protected environment. */
const NEVER = ['db:empty', 'db:rebuild', 'db:refresh'];
const hasPsql = !spawnSync('psql', ['--version']).error;
if (!hasPsql)
  console.log("Skipped: that db psql writes once it is confirmed, since psql isn't here");

// So that the tests above can fail: their calls do write, and it is noticed. A command that is added has
// to be called with what makes it write: see VALUES.
it.each(
  Object.keys(COMMANDS).filter(
    (id) =>
      takes(id, 'confirm') &&
      ![...CHANGES_NOTHING, ...NEVER].includes(id) &&
      (hasPsql || id !== 'db:psql'),
  ),
)('%s, confirmed, changes a database', async (id) => {
  const { postgres } = databases;
  await postgres.dropDatabase('copy');
  const environment = environmentFor(id);
  await postgres.createDatabase('copy', { template: environment });
  const untouched = await databases.contentHash(['copy']);
  const home = databases.newHome();
  Object.assign(home.variables, { DEPLOYMENT_ENV: environment, DB_NAME: 'copy' });
  const boldest = callsOf(id, childOf(id)).at(-1) ?? [];
  // By the word of the line that is printed.
  const refused = await home.spire(boldest);
  const [, word = ''] = / --confirm (\S+)/.exec(refused.stderr) ?? [];
  expect(word).toMatch(PLANS.includes(id) ? /^vital:[0-9a-f]{12}$/ : /^[a-z]+$/);
  const { stderr } = await home.spire(withWords(boldest, '--confirm', word));
  await home.end();
  expect(stderr).not.toMatch(/Error/);
  expect(await databases.contentHash(['copy'])).not.toBe(untouched);
});
