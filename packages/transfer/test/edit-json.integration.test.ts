import type { JsonMask } from '@spire/schema';
import { expect, test } from 'vitest';
import { editedJson } from '../src/masking/edit-json.ts';
import { useDatabases } from './masked-copy.ts';

const databases = useDatabases('edit_json');

const MASK: JsonMask = {
  method: 'json',
  removed: [{ of: 'secrets', names: ['*token', 'basic.auth'], why: '' }],
  rewritten: { host: ['HOST'], vaultReadPath: ['PATH'] },
  why: '',
};
const TERMS = { target: { environment: 'development', host: 'a "host" \\1 \\' } };
const DOCUMENTS = 3000;

/** JSON in a text. */
class Inner {
  readonly document: unknown;
  constructor(document: unknown) {
    this.document = document;
  }
  toJSON(): string {
    return JSON.stringify(this.document);
  }
}

/** What has to come of a document, worked out in another way. */
function edited(value: unknown): unknown {
  if (value instanceof Inner) return new Inner(edited(value.document));
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(edited);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const tells = inner !== null && typeof inner !== 'boolean';
      if (tells && /token$|^basic\.auth$|^path$/i.test(key)) return [];
      return [[key, tells && /^host$/i.test(key) ? TERMS.target.host : edited(inner)]];
    }),
  );
}

/** The same numbers from 0 to 1 each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const next = numbers(20_261_128);
const one = <Item>(items: readonly Item[]): Item =>
  items[Math.floor(next() * items.length)] as Item;

/** What JSON's own punctuation is made of, and then what looks like a key that is removed. */
const PUNCTUATION = ['"', '\\', ',', ':', '{', '}', '[', ']', ' ', '\n', '\t', '\u0001'];
const PIECES = [...PUNCTUATION, 'é', '😀', 'null', 'a', '$1', '\\1', "'"];
const LURES = [
  'token',
  'HOST',
  '"token": "x"',
  ', "token": 5',
  '\\"token\\": ',
  '--token',
  '@',
  '://',
];
const KEYS = ['token', 'API_TOKEN', 'basic.auth', 'HOST', 'host', 'Path', 'basicxauth', 'tokens'];

function document(depth: number, pieces = PIECES, inner = 2): unknown {
  const size = Math.floor(next() * 5);
  const text = () => Array.from({ length: Math.floor(next() * 5) }, () => one(pieces)).join('');
  const within = () => document(depth - 1, pieces, inner);
  const kinds = ['text', 'number', 'word'];
  switch (one(depth > 0 ? ['object', 'object', 'object', 'list', 'inner', ...kinds] : kinds)) {
    case 'object':
      return Object.fromEntries(
        Array.from({ length: size }, () => [one([text, () => one(KEYS)])(), within()]),
      );
    case 'list':
      return Array.from({ length: size }, within);
    case 'inner':
      return inner > 0 ? new Inner([document(depth - 1, pieces, inner - 1)]) : text();
    case 'number':
      return one([0, -1.5, 1e21, 2e-7]);
    case 'word':
      return one([true, false, null]);
    default:
      return text();
  }
}

test.each(['json', 'jsonb'])('edits any %s as a walk through it would', async (type) => {
  const client = await databases.atHead();
  const documents = Array.from({ length: DOCUMENTS }, () => document(4));
  // Compared by Postgres: JSON.parse of Node 26 takes one key for another when both are full of escapes.
  const { rows } = await client.query(
    `select given::text, ${editedJson('given', MASK, TERMS)} as found, expected,
       given::jsonb <> expected::jsonb as changed
     from (select one::${type} as given, expected from unnest($1::text[], $2::text[]) as d (one, expected)) d`,
    [
      documents.map((document, place) => JSON.stringify(document, null, place % 3)),
      documents.map((document) => JSON.stringify(edited(document))),
    ],
  );
  expect(rows.filter(({ changed }) => changed).length).toBeGreaterThan(DOCUMENTS / 4);
  const { rows: wrong } = await client.query(
    'select * from unnest($1::text[], $2::text[], $3::text[]) as d (given, found, expected) where found::jsonb <> expected::jsonb',
    ['given', 'found', 'expected'].map((name) => rows.map((row) => row[name])),
  );
  expect(wrong).toEqual([]);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('leaves JSON what it is, whatever its texts look like', async () => {
  const client = await databases.atHead();
  const documents = Array.from({ length: DOCUMENTS }, () => document(3, [...PIECES, ...LURES], 0));
  const shape = (json: string) =>
    String.raw`regexp_replace(regexp_replace(${json}, '"(?:[^"\\]|\\.)*"', '""', 'g'), '\s', '', 'g')`;
  const { rows } = await client.query(
    `select given, found, ${shape('expected')} as expected, ${shape('found')} as shape, given <> found as changed
     from unnest($1::text[], $2::text[]) as d (given, expected),
       lateral (select ${editedJson('given::json', MASK, TERMS)} as found) f`,
    [
      documents.map((document) => JSON.stringify(document)),
      documents.map((document) => JSON.stringify(edited(document))),
    ],
  );
  expect(rows.filter(({ changed }) => changed).length).toBeGreaterThan(DOCUMENTS / 4);
  expect(rows.filter(({ found }) => !isJson(found))).toEqual([]);
  expect(rows.filter(({ shape, expected }) => shape !== expected)).toEqual([]);
});

test('keeps nothing of a document whose secret is nested too deep to be cut out', async () => {
  const client = await databases.atHead();
  const nested = (depth: number): unknown => (depth > 0 ? [nested(depth - 1)] : 'canary');
  const { rows } = await client.query(
    `select ${editedJson('one', MASK, TERMS)} as found from unnest($1::jsonb[]) as d (one)`,
    [[2, 9, 40].map((depth) => ({ a: { api_token: nested(depth) }, b: 1 }))],
  );
  expect(rows.map(({ found }) => found)).toEqual(['{"a": {}, "b": 1}', '{}', '{}']);
});

test.each([
  [
    ['--db-token', 'canary', '--next', 'x'],
    ['--db-token', 'masked', '--next', 'x'],
  ],
  [
    { flag: '--token', next: 'x' },
    { flag: '--token', next: 'x' },
  ],
  ['TOKEN="canary \\ canary" x', 'TOKEN="masked" x'],
  ["token = 'canary canary' x", "token = 'masked' x"],
  ['AWS_TOKEN=canary x; --host "canary" y', 'AWS_TOKEN=masked x; --host "a "host" \\1 \\" y'],
  [`a\ndapi${'0'.repeat(32)}-2 x`, 'a\nmasked x'],
])('changes no more of a text than the secret: %j', async (given, expected) => {
  const client = await databases.atHead();
  const { rows } = await client.query(
    `select (${editedJson('$1::jsonb', MASK, TERMS)})::jsonb as found`,
    [JSON.stringify({ given })],
  );
  expect(rows[0].found).toEqual({ given: expected });
});

test('edits a large one in good time', async () => {
  const client = await databases.atHead();
  const entries = Array.from({ length: 20_000 }, (_, n) => [
    `key_${n}`,
    { a_token: 'x'.repeat(20), n },
  ]);
  const large = JSON.stringify(Object.fromEntries(entries));
  const started = performance.now();
  const { rows } = await client.query(
    `select (${editedJson('$1::json', MASK, TERMS)})::json as after`,
    [large],
  );
  expect(Object.values(rows[0]?.after).slice(0, 2)).toEqual([{ n: 0 }, { n: 1 }]);
  console.log(`${large.length} characters edited in ${Math.round(performance.now() - started)} ms`);
  expect(performance.now() - started).toBeLessThan(10_000);
});
