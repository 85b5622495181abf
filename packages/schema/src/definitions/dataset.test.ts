import { describe, expect, test } from 'vitest';
import { datasetDefinition } from './dataset.ts';
import { explainDefinition } from './explain.ts';

const anyAdobe = { logic: 'matches_any', args: { behaviors: [{ vendor: 'adobe' }] } };
const none = { logic: 'no_requirements' };
const binary = (positive: unknown, more: object = {}) => ({
  family: 'binary',
  classes: { positive, negative: anyAdobe },
  data_requirements: none,
  ...more,
});
const column = { behavior: { vendor: 'ncs' }, target: 'segment' };

const accepted: [string, unknown][] = [
  [
    'nested classes',
    binary({ logic: 'matches_any', args: { behaviors: [], classes: [anyAdobe] } }),
  ],
  [
    'all but some',
    binary({
      logic: 'matches_all_except',
      args: { behaviors: [{ vendor: 'dfp' }], excluded_behaviors: [{ source: 'network_clicks' }] },
    }),
  ],
  [
    'a percentage',
    binary({
      logic: 'matches_percentage',
      args: { behavior: {}, percentage: 1, value_col: 'hits', direction: 'less_than' },
    }),
  ],
  ['a column in a class', binary({ logic: 'column_as_target', args: column })],
  [
    'null attributes, aspects and comparisons',
    binary({
      logic: 'matches_any',
      args: {
        behaviors: [
          { vendor: 'nielsen', source: 'dar', value: 1, group: null, aspect: { gender: 'f' } },
          { logic: 'general_behavior', hits: { value: 3, direction: 'greater_than' } },
        ],
      },
    }),
  ],
  [
    'the default requirements',
    binary(anyAdobe, {
      data_requirements: {
        logic: 'min_max_provided',
        min_positive: 100,
        max_positive: 250000,
        min_negative: 100,
        max_negative: 250000,
      },
    }),
  ],
  [
    'many classes',
    {
      family: 'multiclass',
      classes: { young: anyAdobe, old: anyAdobe },
      data_requirements: { logic: 'min_max_provided', min_young: 0 },
    },
  ],
  [
    'a column instead of classes',
    { family: 'binary', logic: 'column_as_target', args: column, data_requirements: none },
  ],
  ['keys that nobody knows', binary({ ...anyAdobe, note: [1] }, { owner: { team: 'x' } })],
];

const aClass =
  'expected "matches_any", "matches_all_except", "matches_percentage" or "column_as_target"';
const rejected: [string, unknown, string[]][] = [
  [
    'no object',
    'binary',
    [
      'dataset: expected a dataset such as {"family": "binary", "classes": {...}, "data_requirements": {...}}, got "binary"',
    ],
  ],
  [
    'another family',
    binary(anyAdobe, { family: 'ternary' }),
    ['dataset.family: expected "binary" or "multiclass", got "ternary"'],
  ],
  [
    'classes of another family',
    { family: 'binary', classes: { yes: anyAdobe, no: anyAdobe }, data_requirements: none },
    [
      'dataset.classes: expected the classes "positive" and "negative" of a binary dataset, got "no", "yes": rename them, or make the family "multiclass"',
    ],
  ],
  [
    'an unknown logic',
    binary({ logic: 'matches_none', args: {} }),
    [`dataset.classes.positive.logic: ${aClass}, got "matches_none"`],
  ],
  [
    'a nested unknown logic',
    binary({ logic: 'matches_any', args: { behaviors: [], classes: [{}] } }),
    [`dataset.classes.positive.args.classes[0].logic: ${aClass}, got nothing`],
  ],
  [
    'a percentage in percent',
    binary({
      logic: 'matches_percentage',
      args: { behavior: {}, percentage: 25, value_col: 'hits', direction: 'above' },
    }),
    [
      'dataset.classes.positive.args.percentage: expected a share from 0 to 1 such as 0.25, got 25',
      'dataset.classes.positive.args.direction: expected "greater_than" or "less_than", got "above"',
    ],
  ],
  [
    'an attribute that is no value',
    binary({ logic: 'matches_any', args: { behaviors: [{ 'a key': ['x'] }] } }),
    [
      'dataset.classes.positive.args.behaviors[0]["a key"]: expected a text, a number, true, false, or null for "is null", got a list',
    ],
  ],
  [
    'neither classes nor a column',
    { family: 'binary', data_requirements: none },
    ['dataset: expected classes, or the logic "column_as_target" with args, got neither'],
  ],
  [
    'both classes and a column',
    binary(anyAdobe, { logic: 'column_as_target', args: column }),
    ['dataset: expected either classes or a logic, got both: leave one out'],
  ],
  [
    'requirements that nothing meets',
    binary(anyAdobe, {
      data_requirements: { logic: 'min_max_provided', min_positive: 9, max_positive: 5 },
    }),
    ['dataset.data_requirements.min_positive: expected at most max_positive, 5, got 9'],
  ],
  [
    'half a row',
    binary(anyAdobe, { data_requirements: { logic: 'min_max_provided', min_positive: 0.5 } }),
    ['dataset.data_requirements.min_positive: expected a number of rows such as 100, got 0.5'],
  ],
  [
    'no requirements at all',
    { family: 'binary', classes: { positive: anyAdobe, negative: anyAdobe } },
    [
      'dataset.data_requirements: expected data requirements such as {"logic": "no_requirements"}, got nothing',
    ],
  ],
  [
    'the character that Postgres has not',
    binary({ logic: 'matches_any', args: { behaviors: [{ vendor: 'a\0' }] } }),
    ["dataset: expected texts without the NUL character, which Postgres can't hold: remove it"],
  ],
  [
    'a key that would change objects',
    JSON.parse('{"__proto__": {}}'),
    ['dataset: expected no key "__proto__": rename it'],
  ],
];

describe('a dataset', () => {
  test.each(accepted)('may have %s', (_, definition) => {
    const before = structuredClone(definition);
    expect(datasetDefinition.parse(definition)).toStrictEqual(before);
  });

  test.each(rejected)('is refused with %s', (_, definition, lines) => {
    const { error } = datasetDefinition.safeParse(definition);
    expect(error && explainDefinition(error, 'dataset')).toEqual(lines);
  });

  test('of any depth or shape is refused, not crashed on', () => {
    let deep: unknown = anyAdobe;
    for (let level = 0; level < 100_000; level += 1) {
      deep = { logic: 'matches_any', args: { behaviors: [], classes: [deep] } };
    }
    const circle: Record<string, unknown> = { family: 'binary' };
    circle.one = circle;
    circle.two = [circle, circle];
    for (const hostile of [binary(deep), circle]) {
      const { error } = datasetDefinition.safeParse(hostile);
      expect(error && explainDefinition(error, 'dataset')).toEqual([
        'dataset: expected at most 100 levels of nesting, got more: flatten the definition',
      ]);
    }
  });

  test('with a thousand mistakes is explained in a few lines', () => {
    const behaviors = Array.from({ length: 1000 }, () => 'x'.repeat(1000));
    const { error } = datasetDefinition.safeParse(
      binary({ logic: 'matches_any', args: { behaviors } }),
    );
    const lines = error ? explainDefinition(error, 'dataset') : [];
    expect(lines).toHaveLength(21);
    expect(lines[0]).toBe(
      `dataset.classes.positive.args.behaviors[0]: expected a behavior such as {"vendor": "adobe", "group": "1234"}, got "${'x'.repeat(40)}…"`,
    );
    expect(lines[20]).toBe('and 980 more');
  });
});
