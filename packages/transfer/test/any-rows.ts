import type pg from 'pg';

/** A table with a column of every type that the databases have, in the order in which it is filled. */
export const ANY_TABLE = `create table any_rows (
  id serial primary key, a uuid, b varchar(100), c text, d boolean, e date, f timestamp, g timestamptz,
  h json, i jsonb, j smallint, k integer, l bigint, m double precision, n double precision[], o text[],
  "Odd ""name" numeric, p bytea, q interval
)`;

type Random = (below: number) => number;

/** Numbers that depend on a seed alone. */
export function randomFrom(seed: number): Random {
  let state = seed + 0x9e3779b9;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Fills the table with rows of any values, and with those that are easily lost. */
export async function insertAnyRows(client: pg.Client, seed: number, rows: number): Promise<void> {
  const random = randomFrom(seed);
  for (let row = 0; row < rows; row += 1) {
    const values = COLUMNS.map((make) => (random(5) === 0 ? null : make(random)));
    const places = values.map((_, index) => `$${index + 1}`);
    await client.query(
      `insert into any_rows (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, "Odd ""name", p, q)
       values (${places})`,
      values,
    );
  }
}

const pick =
  (...values: readonly string[]) =>
  (random: Random) =>
    values[random(values.length)] ?? '';

const PARTS = [
  '',
  'a',
  "'",
  '"',
  '\\',
  '\\N',
  '\\.',
  '\t',
  '\n',
  '\r\n',
  '\u0001',
  'é',
  '\u{1f680}',
  '{',
  '}',
  ',',
  'null',
  ' ',
];

function text(random: Random): string {
  if (random(40) === 0) return pick('x', 'é\n', '\\')(random).repeat(1_000_000);
  return Array.from({ length: random(9) }, () => pick(...PARTS)(random)).join('');
}

function json(random: Random, depth = 0): unknown {
  const kinds = depth > 4 ? 5 : 7;
  switch (random(kinds)) {
    case 0:
      return null;
    case 1:
      return random(2) === 0;
    case 2:
      return (random(2_000_000) - 1_000_000) / 1000;
    case 3:
    case 4:
      // JSON that is stored can't hold the character 0; others it can.
      return text(random);
    case 5:
      return Array.from({ length: random(4) }, () => json(random, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random(4) }, () => [
          text(random).slice(0, 50),
          json(random, depth + 1),
        ]),
      );
  }
}

const hex = (random: Random, length: number) =>
  Array.from({ length }, () => random(16).toString(16)).join('');
const float = pick(
  'infinity',
  '-infinity',
  'nan',
  '0',
  '-0',
  '1e-307',
  '1.7976931348623157e308',
  '0.1',
  '4.9e-324',
);

const COLUMNS: readonly ((random: Random) => unknown)[] = [
  (random) =>
    `${hex(random, 8)}-${hex(random, 4)}-${hex(random, 4)}-${hex(random, 4)}-${hex(random, 12)}`,
  (random) => [...text(random)].slice(0, 100).join(''),
  text,
  (random) => random(2) === 0,
  pick('infinity', '-infinity', '0001-01-01', '4713-01-01 BC', '9999-12-31', '2026-02-28'),
  pick(
    'infinity',
    '-infinity',
    '2026-03-29 02:30:00.123456',
    '0044-03-15 12:00 BC',
    '294275-12-31',
  ),
  pick('infinity', '-infinity', '2026-10-25 02:30:00.000001+02', '0044-03-15 12:00+00 BC'),
  (random) => ` { "a" :1, "a":2 , "b" : ${JSON.stringify(json(random))}}`,
  (random) => JSON.stringify(json(random)),
  pick('-32768', '32767', '0'),
  pick('-2147483648', '2147483647', '0'),
  pick('-9223372036854775808', '9223372036854775807', '9007199254740993'),
  float,
  (random) =>
    `{${Array.from({ length: random(4) }, () => pick('null', float(random))(random)).join(',')}}`,
  (random) => Array.from({ length: random(4) }, () => (random(4) === 0 ? null : text(random))),
  pick('nan', '0.10', '123456789012345678901234567890.000000000000000001', '-1e-30'),
  (random) => Buffer.from(hex(random, 2 * random(20)), 'hex'),
  pick('1 year -3 days 00:00:00.000001', '-178000000 years', '0'),
];
