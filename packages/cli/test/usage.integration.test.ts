import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ended, Home } from './spire-process.ts';

// Nothing here needs a server: what is said about a call that can't be carried out, and how it is used.

const home = new Home();
afterAll(() => home.end());

const manifest = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'oclif.manifest.json'), 'utf8'),
);

describe('help', () => {
  it.each(Object.keys(manifest.commands))('of %s shows its use and an example', async (id) => {
    const { exitCode, stdout } = await home.spire([...id.split(':'), '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^USAGE$/m);
    expect(stdout).toMatch(/^EXAMPLES$/m);
    expect(stdout).toContain(`$ spire ${id.replace(':', ' ')}`);
  });

  it.each([['--help'], ['-h'], ['help'], []])('is given for %j', async (...args) => {
    const { exitCode, stdout } = await home.spire(args);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/quickstart +from nothing/);
  });

  it.each(['db', 'env', 'local', 'migrate'])('is given for the topic %s', async (topic) => {
    const { exitCode, stdout } = await home.spire([topic]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`\\$ spire ${topic} COMMAND`));
  });
});

describe('a call that is wrong', () => {
  const help = (command: string) => `See how it is used: spire ${command} --help`;

  it.each([
    [
      ['workflow', 'list'],
      'There is no command "workflow list".',
      'Did you mean: spire workflows list',
    ],
    [
      ['workflows', 'lst'],
      'There is no command "workflows lst".',
      'Did you mean: spire workflows list',
    ],
    [['help', 'nonsense'], 'There is no command "nonsense".', 'See which there are: spire --help'],
    [['--nonsense'], 'There is no command "--nonsense".', 'See which there are: spire --help'],
    [['workflows', 'list', '--lmit', '3'], 'There is no flag --lmit.', 'Did you mean --limit?'],
    [
      ['workflows', 'list', '--limit', 'x'],
      /^--limit: expected an integer/,
      help('workflows list'),
    ],
    [['workflows', '--limit', '501'], /^--limit: expected .* 500/, help('workflows list')],
    [['workflows', 'get', '--trait', '2147483648'], /^--trait: /, help('workflows get')],
    [['workflows', 'get', 'a', 'b'], 'Unexpected argument: b.', help('workflows get')],
    [['workflows', 'create'], /^Missing FILE: /, help('workflows create')],
    [['workflows', 'list', '-e'], /--environment expects a value/, help('workflows list')],
    [['workflows', 'delete'], 'Name one workflow, by name, id or trait.', /spire workflows get/],
    [
      ['history', 'record', 'a', '--stage', 'training'],
      'Missing --date; Missing --status.',
      help('history record'),
    ],
    [['history', 'list', '--stage', 'cooking'], /assembly, training/, help('history list')],
    [['autocomplete', 'nonsense'], /zsh, bash, powershell/, help('autocomplete')],
    [['workflows', 'list'], 'No environment is chosen.', /spire quickstart/],
  ] as const)('%j exits with 2 and says how it is right', async (args, message, suggestion) => {
    const { exitCode, stdout } = await home.spire([...args, '--json']);
    const { error, ...others } = JSON.parse(stdout);
    expect(exitCode).toBe(2);
    expect(others).toEqual({});
    expect(Object.keys(error)).toEqual(['code', 'message', 'suggestions', 'ref']);
    expect(error.message).toEqual(
      message instanceof RegExp ? expect.stringMatching(message) : message,
    );
    expect(error.suggestions).toContainEqual(expect.stringMatching(suggestion));
    expect(error.message).not.toMatch(/See more help|\u001b/);
  });

  it('is told on stderr alone without --json', async () => {
    const { exitCode, stdout, stderr } = await home.spire(['workflows', 'lst']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      'Error: There is no command "workflows lst".\n' +
        '  -> Did you mean: spire workflows list\n  -> See which there are: spire --help\n  USAGE  docs/reference/errors.md#usage\n',
    );
  });
});

it.each([
  ['workflows', 'get'],
  ['workflows', 'delete'],
  ['job-configs', 'get'],
  ['job-configs', 'delete'],
  ['env', 'use'],
  ['env', 'set'],
])('%s %s takes no argument from stdin, where a secret may come', async (...args) => {
  const { exitCode, stdout, stderr } = await home.spire(args, 'canary-0123456789');
  expect(exitCode).toBe(2);
  expect(stdout + stderr).not.toContain('canary');
});

it('ends quietly when nobody reads its output any more', async () => {
  const child = home.start(['workflows', '--help']);
  child.stdout?.destroy();
  const { exitCode, stderr } = await ended(child);
  expect([exitCode, stderr]).toEqual([0, '']);
});

it('says in a line that its directory can not be written', async () => {
  const file = join(import.meta.dirname, 'spire-process.ts');
  const other = new Home({ SPIRE_CONFIG_DIR: join(file, 'below a file') });
  for (const args of [
    ['env', 'use', 'staging'],
    ['quickstart', '--no-shim'],
  ]) {
    const { exitCode, stderr } = await other.spire(args);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^Error: .* can't be (written|read)/);
    expect(stderr).not.toMatch(/\n +at /);
  }
  await other.end();
});
