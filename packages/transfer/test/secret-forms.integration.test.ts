import type { JsonMask } from '@spire/schema';
import { masksByTable } from '@spire/schema';
import { beforeAll, describe, expect, test } from 'vitest';
import { editedJson, editsOf } from '../src/masking/edit-json.ts';
import { TERMS, useDatabases } from './masked-copy.ts';
import { CANARY, PLAIN_NAMES, PLAIN_TEXTS, TELLING_NAMES, TELLING_TEXTS } from './secret-forms.ts';

// Each form of a secret, and each text that only looks like one, in each place.

const databases = useDatabases('secret_forms');
let client: Awaited<ReturnType<typeof databases.atHead>>;
beforeAll(async () => {
  client = await databases.atHead();
});

const PLACES: Readonly<Record<string, (value: unknown) => unknown>> = {
  'at the top': (value) => ({ a: value, kept: 1 }),
  'in a list': (value) => ({ kept: [[1, value, 'x'], true] }),
  'deep down': (value) => ({ a: { b: [{ c: { d: value }, e: null }] }, kept: 1 }),
  'in JSON in a text': (value) => ({ args: JSON.stringify({ a: value, kept: [1] }), kept: 1 }),
  'in JSON in a text, laid out': (value) => ({
    args: JSON.stringify({ b: [value], a: 1 }, null, '\t'),
  }),
  'in JSON in JSON in a text': (value) => ({
    args: JSON.stringify({ more: JSON.stringify({ a: 1, b: value, c: [] }) }),
    kept: 1,
  }),
};
const AS_TEXT = {
  ...PLACES,
  'as a whole': (text: unknown) => text,
  'behind others': (text: unknown) => ({ a: `run it (${'now '.repeat(3)}) ${text}` }),
  'before others': (text: unknown) => ({ a: `${text} -- and "more", n=5` }),
  'on its line': (text: unknown) => ({ a: `first\n${text}\nlast` }),
  'in a key': (text: unknown) => ({ [`${text}`]: 5, kept: [] }),
};

function maskOf(table: string): JsonMask {
  const masks = masksByTable().get(table);
  const mask = masks?.rows === 'keep' ? masks.columns.get('definition') : undefined;
  if (typeof mask !== 'object' || mask.method !== 'json')
    throw new Error(`${table} has no such mask.`);
  return mask;
}

/** What comes of values, both as `json` and as `jsonb`. */
async function masked(values: readonly unknown[], table = 'job_configs', terms = TERMS) {
  const found: unknown[] = [];
  for (const type of ['json', 'jsonb']) {
    const { rows } = await client.query(
      `select (${editedJson(`given::${type}`, maskOf(table), terms)})::${type} as value from unnest($1::text[]) as t (given)`,
      [values.map((value) => JSON.stringify(value))],
    );
    found.push(rows.map(({ value }) => value));
  }
  expect(found[1]).toEqual(found[0]);
  return found[0] as unknown[];
}

describe.each(Object.entries(AS_TEXT))('%s', (where, place) => {
  test.each(['job_configs', 'features'])('no text of %s tells a secret', async (table) => {
    const texts = TELLING_TEXTS.filter(
      (text) => table === 'job_configs' || !/host|e-?mail=|vault[ .]/i.test(text),
    );
    const found = await masked(texts.map(place), table);
    expect(texts.filter((_, n) => CANARY.test(JSON.stringify(found[n])))).toEqual([]);
  });

  test.each(['job_configs', 'features'])(
    'what tells nothing comes as it is in %s',
    async (table) => {
      // In a key, such a word makes it a name.
      const telling = where === 'in a key' ? /password|token/i : /^$ /;
      const given = PLAIN_TEXTS.filter((text) => !telling.test(text)).map(place);
      expect(await masked(given, table)).toEqual(given);
    },
  );
});

describe.each(Object.entries(PLACES))('%s', (_, place) => {
  const values = [
    'canary',
    'a "canary", \\ {',
    777000777,
    ['canary'],
    { a: { b: ['canary', '}'] } },
  ];

  test('no name of a secret keeps its value', async () => {
    const given = TELLING_NAMES.flatMap((name) =>
      values.map((value) => ({ x: 1, [name]: value, y: [2] })),
    );
    const found = await masked(given.map(place));
    expect(given.filter((_, n) => CANARY.test(JSON.stringify(found[n])))).toEqual([]);
    // What is beside it is still there.
    expect(found.filter((one) => !/"y\\*":/.test(JSON.stringify(one)))).toEqual([]);
  });

  test('nor where a list has it, or where it stands beside its name', async () => {
    const given = TELLING_NAMES.flatMap((name) => [
      [`--${name}`, 'canary two', '--n', '5'],
      [`-${name}`, 'canary'],
      [`--${name}=canary two`, '--n'],
      { name, value: 'canary', x: 1 },
      { key: name, value: 'canary "two"' },
      { name, default: 'canary' },
    ]).filter((one) => !JSON.stringify(one).includes('API key'));
    const found = await masked(given.map(place));
    expect(given.filter((_, n) => CANARY.test(JSON.stringify(found[n])))).toEqual([]);
  });

  test('other names do', async () => {
    const given = PLAIN_NAMES.flatMap((name) =>
      values.map((value) => place({ x: 1, [name]: value })),
    );
    expect(await masked(given)).toEqual(given);
  });

  test('nor is what tells nothing taken from a name', async () => {
    const given = TELLING_NAMES.flatMap((name) =>
      [true, false, null].map((value) => place({ [name]: value })),
    );
    expect(await masked(given)).toEqual(given);
  });
});

test('Postgres keeps all expressions compiled', () => {
  expect(editsOf(maskOf('job_configs'), TERMS).length).toBeLessThanOrEqual(32);
});
