import type pg from 'pg';

/** A table with a column of every type in use, and names that have to be quoted. */
const TABLE = `
create table "Every ""type'" (
  id serial primary key,
  key uuid not null unique,
  "a b" text,
  short varchar(100),
  small smallint,
  whole integer,
  large bigint,
  exact numeric(30, 10),
  anything numeric,
  half real,
  ratio double precision,
  enabled boolean not null default false,
  day date,
  moment timestamp,
  instant timestamptz default now(),
  clock time,
  pause interval,
  written json,
  parsed jsonb default '{}' check (parsed is null or jsonb_typeof(parsed) is not null),
  names text[] default '{}',
  numbers integer[],
  raw bytea,
  doubled integer generated always as (whole * 2) stored
);
create index "Every ""names" on "Every ""type'" using gin (names);
create table referring (
  id bigint generated always as identity primary key,
  every_id integer not null references "Every ""type'" on delete cascade
);
create table empty (id integer primary key)`;

const TEXTS = [
  '',
  ' ',
  '\\',
  '\\.',
  '\\N',
  'a\tb',
  'a\nb\r\nc',
  '"\'`$$',
  '\u{1f600} \u00e9 \u0301 \u4e2d',
  '\u0001\u007f',
  'NULL',
];

/** Values of each column: those at its edges, and something ordinary. */
function valuesOf(random: () => number): Record<string, readonly unknown[]> {
  const text = () => TEXTS[Math.floor(random() * TEXTS.length)] ?? '';
  const json = (depth: number): unknown =>
    depth === 0 ? text() : { [text()]: [json(depth - 1), null, random(), { [text()]: text() }] };
  const integer = () => Math.floor(random() * 2e9) - 1e9;
  return {
    'a b': [...TEXTS, 'x'.repeat(1024 * 1024), text() + text()],
    short: ['', '\u00e9'.repeat(100)],
    small: [-32768, 32767, 0],
    whole: [1073741823, -1073741824, integer()],
    large: ['-9223372036854775808', '9223372036854775807'],
    exact: ['0.0000000001', '-12345678901234567890.1234567891'],
    anything: ['NaN', `1e${Math.floor(random() * 300)}`, '0.1', '-0.00'],
    half: ['Infinity', '-Infinity', 'NaN', '1e-40', '3.4028235e38', random()],
    ratio: ['Infinity', '-Infinity', 'NaN', '-0', '5e-324', random(), random() * 1e300],
    day: ['infinity', '-infinity', '4713-01-01 BC', '5874897-12-31', '2026-02-28'],
    moment: ['infinity', '-infinity', '2026-11-28 08:00:00.123456', '0044-03-15 12:00 BC'],
    instant: ['infinity', '-infinity', '2026-03-29 02:30:00+01', '1900-01-01 00:00:00.000001+00'],
    clock: ['00:00:00', '24:00:00', '12:34:56.789012'],
    pause: ['0', '1 year -2 mons 3 days -04:05:06.789', '-178000000 years'],
    written: ['{"a": 1, "a":  2}', '1e400', '""', 'null', JSON.stringify(json(3))],
    parsed: ['{}', '[]', 'null', '"\\\\n"', '1e400', JSON.stringify(json(5))],
    names: ['{}', '{NULL}', '{"",NULL,"a,b","{}","\\\\","\\""}', '{{a,b},{c,d}}'],
    numbers: ['{}', '[3:4]={1,2}', '{NULL,1}'],
    raw: [Buffer.alloc(0), Buffer.from([0, 10, 13, 92, 255]), Buffer.alloc(3000, 7)],
  };
}

/** Makes the tables and fills them by chance, always the same for the same seed. */
export async function fillEveryType(client: pg.Client, rows: number, seed: number): Promise<void> {
  await client.query(TABLE);
  const random = sequence(seed);
  for (let index = 0; index < rows; index += 1) {
    const filled = Object.entries(valuesOf(random)).flatMap(([column, values]) => {
      const at = Math.floor(random() * (values.length + 1));
      return at < values.length ? [[column, values[at]] as const] : [];
    });
    const columns = filled.map(([column]) => `, "${column}"`).join('');
    const marks = filled.map((_, at) => `, $${at + 1}`).join('');
    await client.query(
      `insert into "Every ""type'" (key${columns}) values (gen_random_uuid()${marks})`,
      filled.map(([, value]) => value),
    );
  }
  await client.query(`
    delete from "Every ""type'" where id % 7 = 3;
    insert into referring (every_id) select id from "Every ""type'";
    update "Every ""type'" set enabled = true where id % 2 = 0`);
}

/** Numbers from 0 to below 1. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
