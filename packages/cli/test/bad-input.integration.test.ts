import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Home } from './spire-process.ts';

const home = new Home();
beforeAll(async () => {
  await home.spire(['quickstart', '--no-shim']);
});
afterAll(() => home.end());

const counts = async () => {
  const tables = [
    'workflows',
    'datasets',
    'schedules',
    'trait_workflows',
    'tags',
    'job_configs',
    'history',
  ];
  const sql = `select ${tables.map((table) => `(select count(*) from ${table})`).join(', ')}`;
  return (await home.json('db', 'query', sql)).rows;
};

const workflow = (fields: object) =>
  JSON.stringify({ name: 'spire_bad_1', description: 'x', ...fields });
const binary = (classes: object) =>
  workflow({
    dataset: { family: 'binary', classes, data_requirements: { logic: 'no_requirements' } },
  });

describe('workflows create refuses', () => {
  it.each([
    [
      'JSON that is cut off',
      '{"name": "x"',
      'INPUT_INVALID',
      /stdin:1:\d+ is neither YAML nor JSON/,
    ],
    ['YAML that is none', 'name: [x\nb: }', 'INPUT_INVALID', /stdin:\d+:\d+/],
    ['nothing at all', '', 'INVALID_INPUT', /expected a workflow/],
    ['a list', '[]', 'INVALID_INPUT', /expected a workflow/],
    ['an unknown key', workflow({ nmae: 'x' }), 'INVALID_INPUT', /nmae/],
    ['a definition of the wrong family', binary({ one: {}, two: {} }), 'INVALID_INPUT', /dataset/],
    ['a duplicate name', workflow({ name: 'spire_adobe_30' }), 'WORKFLOW_EXISTS', /^name: /],
    ['a duplicate trait', workflow({ traitId: 30 }), 'TRAIT_TAKEN', /^traitId: /],
    ['an unknown stage', workflow({ jobConfigs: { cooking: 'x' } }), 'INVALID_INPUT', /jobConfigs/],
    [
      'a job config that is not there',
      workflow({ jobConfigs: { training: 'x' } }),
      'JOB_CONFIG_NOT_FOUND',
      /jobConfigs/,
    ],
    ['a NUL in the name', '{"name": "a\\u0000b"}', 'INVALID_INPUT', /^name: /],
    [
      'a trait that is a word',
      workflow({ traitId: 'thirty' }),
      'INVALID_INPUT',
      /^traitId: .*whole number/,
    ],
    ['10 MB', `{"name": "${'x'.repeat(10_000_000)}"}`, 'INPUT_TOO_LARGE', /larger than 1 MB/],
    [
      '100,000 nested lists',
      `{"name": "x", "dataset": ${'['.repeat(100_000)}`,
      'INPUT_INVALID',
      /nested|YAML/,
    ],
  ])('%s', async (_, input, code, message) => {
    const before = await counts();
    const { exitCode, stdout } = await home.spire(['workflows', 'create', '-', '--json'], input);
    const { error } = JSON.parse(stdout);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(Object.keys(error)).toEqual(['code', 'message', 'suggestions', 'ref']);
    expect(error.suggestions.length).toBeGreaterThan(0);
    expect(error.message.length).toBeLessThan(2000);
    expect(exitCode).toBe(/EXISTS|TAKEN|NOT_FOUND/.test(code) ? 1 : 2);
    expect(await counts()).toEqual(before);
  });

  it('a file of 10 MB, a directory, and a file that is not there', async () => {
    const file = join(home.directory, 'large.json');
    writeFileSync(file, ' '.repeat(10_000_000));
    expect((await home.json('workflows', 'create', file)).error.code).toBe('INPUT_TOO_LARGE');
    expect((await home.json('workflows', 'create', home.directory)).error.code).toBe(
      'INPUT_MISSING',
    );
    expect((await home.json('workflows', 'create', 'nowhere.yml')).error.code).toBe(
      'INPUT_MISSING',
    );
  });
});

describe('workflows create keeps', () => {
  it.each(['it\'s "quoted"', 'emoji \u{1F9EA}', '\u05d0\u05d1\u05d2'])(
    'the name %j',
    async (name) => {
      const made = await home.spire(['workflows', 'create', '-', '--json'], workflow({ name }));
      expect(JSON.parse(made.stdout).workflow.name).toBe(name);
      const { workflow: read } = await home.json('workflows', 'get', name);
      expect(read.name).toBe(name);
      expect((await home.json('workflows', 'delete', name)).deleted.name).toBe(name);
    },
  );
});

describe('other commands refuse', () => {
  const id = '00000000-0000-4000-8000-000000000000';
  it.each([
    [['workflows', 'get', id], 'WORKFLOW_NOT_FOUND', 1],
    [['workflows', 'get'], 'USAGE', 2],
    [['workflows', 'get', 'a', '--trait', '1'], 'USAGE', 2],
    [['workflows', 'list', '--limit', '501'], 'USAGE', 2],
    [['workflows', 'list', '--nonsense'], 'USAGE', 2],
    [['workflows', 'create'], 'USAGE', 2],
    [['nonsense'], 'USAGE', 2],
    [['history', 'list', '--stage', 'cooking'], 'USAGE', 2],
    [['history', 'list', '--date', '2026-02-30'], 'INVALID_INPUT', 2],
    [['history', 'list', '--after', 'nonsense'], 'INVALID_INPUT', 2],
    [['history', 'latest', '--as-of', 'yesterday'], 'USAGE', 2],
    [
      [
        'history',
        'record',
        'spire_adobe_30',
        '--stage',
        'training',
        '--date',
        '2026-02-30',
        '--status',
        'success',
      ],
      'INVALID_INPUT',
      2,
    ],
    [
      [
        'history',
        'record',
        'spire_adobe_30',
        '--stage',
        'training',
        '--date',
        '2026-02-01',
        '--status',
        'fine',
      ],
      'INVALID_INPUT',
      2,
    ],
    [['status', '--environment', 'nowhere'], 'ENVIRONMENT_UNKNOWN', 2],
    [['env', 'use', 'production'], 'USAGE', 2],
    [['env', 'use', 'nowhere'], 'ENVIRONMENT_UNKNOWN', 2],
    [['db', 'query', 'delete from workflows'], 'READ_ONLY', 1],
    [['db', 'query', 'set transaction read write; delete from workflows'], 'QUERY_FAILED', 1],
    [['db', 'query', 'selec'], 'QUERY_FAILED', 1],
    [['job-configs', 'delete', 'adobe-training'], 'JOB_CONFIG_IN_USE', 1],
  ] as const)('%j', async (args, code, exit) => {
    const { stdout, exitCode } = await home.spire([...args, '--json']);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code,
        message: expect.any(String),
        suggestions: expect.any(Array),
        ref: `reference/errors#${code.toLowerCase()}`,
      },
    });
    expect(exitCode).toBe(exit);
  });
});

it('prints no escape codes where there is no terminal', async () => {
  const { stdout, stderr } = await home.spire(['history', 'list', '--status', 'failed']);
  expect(stdout + stderr).not.toContain('\u001b');
});

it('shows no secret, also with DEBUG=*', async () => {
  const url = await home.json('db', 'url', '--with-password');
  const { password } = new URL(url.url);
  const loud = new Home({ DEBUG: '*', SPIRE_CONFIG_DIR: join(home.directory, '.spire') });
  for (const args of [
    ['workflows', 'list'],
    ['env', 'show', '--json'],
    ['status'],
    ['db', 'url'],
    ['local', 'status'],
  ]) {
    const { stdout, stderr } = await loud.spire(args);
    expect(stdout + stderr).not.toContain(password);
    expect(stdout + stderr).not.toMatch(/hvs\.[\w-]{10}/);
  }
});
