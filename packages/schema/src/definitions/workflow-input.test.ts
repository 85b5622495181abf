import { describe, expect, test } from 'vitest';
import { explainDefinition } from './explain.ts';
import { workflowInput, workflowPatch } from './workflow-input.ts';

const rejected: [unknown, string[]][] = [
  [{}, ['name: expected a name of 1 to 100 characters, got nothing']],
  [{ name: '' }, ['name: expected a name of 1 to 100 characters, got ""']],
  [
    { name: 'é'.repeat(101) },
    [`name: expected a name of 1 to 100 characters, got "${'é'.repeat(40)}…"`],
  ],
  [{ name: ' a' }, ['name: expected a name without spaces at its ends, got " a"']],
  [
    { name: 'a\u001b[2Jb' },
    ['name: expected a name without control characters, got "a\\u001b[2Jb"'],
  ],
  [{ name: 'a\u009bb' }, ['name: expected a name without control characters, got "a\\u{9b}b"']],
  [
    { name: 'a', description: 'x\0' },
    ['description: expected a text without the NUL character or half characters, got "x\\u0000"'],
  ],
  [
    { name: 'a', traitId: 2 ** 31, enabled: 'yes', tags: [''] },
    [
      'enabled: expected true or false, got "yes"',
      'traitId: expected a trait id, a whole number up to 2147483647, got 2147483648',
      'tags[0]: expected a name of 1 to 100 characters, got ""',
    ],
  ],
  [
    { name: 'a', trait: 3 },
    [
      'expected no keys but name, description, enabled, isProxy, traitId, tags, dataset, schedule and jobConfigs, got "trait"',
    ],
  ],
  [
    { name: 'a', jobConfigs: { TRAINING: 'x' }, dataset: { family: 'x' }, schedule: 3 },
    [
      'dataset.family: expected "binary" or "multiclass", got "x"',
      'dataset.data_requirements: expected data requirements such as {"logic": "no_requirements"}, got nothing',
      'schedule: expected a schedule such as {"logic": "scheduled_stages", "args": {...}}, got 3',
      'jobConfigs: expected no keys but "assembly", "training", "scoring" or "postprocessing", got "TRAINING"',
    ],
  ],
];

describe('a workflow to be made', () => {
  test('has defaults', () => {
    const name = '𝒳'.repeat(100);
    expect(workflowInput.parse({ name, traitId: -1, jobConfigs: { training: 'a' } })).toStrictEqual(
      {
        name,
        description: '',
        enabled: false,
        isProxy: false,
        traitId: -1,
        jobConfigs: { training: 'a' },
      },
    );
  });

  test.each(rejected)('is refused: %j', (input, lines) => {
    const { error } = workflowInput.safeParse(input);
    expect(error && explainDefinition(error)).toEqual(lines);
  });
});

test('a change names only what is to change', () => {
  expect(workflowPatch.parse({})).toStrictEqual({});
  const parts = { traitId: null, dataset: null, schedule: null, jobConfigs: { scoring: null } };
  expect(workflowPatch.parse(parts)).toStrictEqual(parts);
});
