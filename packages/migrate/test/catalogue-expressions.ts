/** Conditions that a check, an index or a view may hold, one a line. */
const conditions = `
code = any('{a,b}')
code not in ('a','b')
n between 1 and 3
n in (1,2,3)
num in (1,2)
code like 'a%'
code ~ 'x' or code is null
(code is null) = (n is null)
extract(year from ts) > 2000
coalesce(code,'x') <> 'y'
case when n>1 then code = 'x' else false end
(ts at time zone 'UTC') > '2020-01-01'
(j->>'a') in ('x','y')
(j->'a'->>0)::int > 2
d > date '2020-01-01'
ch in ('a','b')
lower(code) in ('a','b')
num in (1.5, 2)
code::text in ('a','b')
code = any(array['a','b'])
arr <@ array['a','b']::varchar[]
big in (1,2)
n > -1
n <> '-1'::int
trim(code) <> ''
trim(both 'x' from code) <> ''
substring(code from 1 for 2) = 'a'
overlay(code placing 'x' from 1) <> 'b'
position('x' in code) > 0
d <= current_date
ts < now() - interval '1 day'
b is not true
n is distinct from big
row(n,big) = row(1,2)
greatest(n,2) > 1
nullif(code,'') is not null
mood in ('sad','ok')
mood = any(array['sad','ok']::mood[])
code collate "C" > 'a'
array[n,2] = array[1,2]
arr[1] = 'x'
(comp).x > 1
n in (1,null)
code in ('a', null)
short in (1,2)
num > 1 and (n < 2 or b) and not b
code ilike 'x' escape '!'
code similar to 'a|b'
r @> 5
j ? 'a'
j @> '{"a":1}'
code not like all(array['a','b'])
char_length(code) <= 10
dom in ('a','b')
dom <> ''
vdom in ('a','b')
code <> all(array['a','b']::text[])
(code, n) in (('a',1),('b',2))
u in ('00000000-0000-0000-0000-000000000000')
ts between '2020-01-01' and '2021-01-01'
n::text || code = 'x'
d in ('2020-01-01','2021-01-01')
mon > 0::money
bits = B'101'
code is normalized
json is not null
code = any(array[other, 'a'])
code in (other, 'a')
`
  .trim()
  .split('\n');

const columns = String.raw`
  other varchar(20),
  code varchar(20),
  n int, num numeric, big bigint, short smallint, ts timestamptz, d date, j jsonb,
  ch char(3), arr varchar(10)[], b boolean, mood mood, comp comp, r int4range, dom dom, vdom vdom,
  u uuid, mon money, bits bit(3),
  json text, "values" text, merge text, "scalar" text, period text,
   d1 varchar default 'x',
  d2 timestamptz default now() + interval '1 day',
  d3 timestamptz default (current_timestamp at time zone 'utc'),
  d4 text[] default '{}',
  d5 varchar[] default array['a','b'],
  d6 jsonb default '{"a": [1]}',
  d7 numeric default -1,
  d8 int default -1,
  d9 bigint default 5,
  d10 date default current_date,
  d11 text default current_user,
  d12 bytea default '\x00',
  d13 float8 default 0.1,
  d14 time default '10:00',
  d15 bool default true,
  d16 mood default 'ok',
  d17 char(3) default 'a',
  d18 text default lower('A' || 'b'),
  d19 double precision default 'Infinity',
  d20 smallint default 1+1,
  d21 money default 5.5,
  d22 inet default '10.0.0.1',
  d23 timestamp default '2020-01-01 10:00',
  d24 timestamptz default localtimestamp,
  d25 bit(3) default B'101',
  d26 text default E'a\nb''c\\d',
  d27 interval default interval '3 hours' hour to minute,
  d28 text default (json_build_object('a', 1))::text,
  d29 uuid default gen_random_uuid(),
  d30 integer[] default array[1,2]`;

const queries = [
  `select a.n, b.code from t a join t b using (n) left join t c on c.n = a.n and c.code in ('a','b')`,
  `with x as (select n, row_number() over (partition by code order by n desc) as r from t) select * from x where r = 1 union all select 1, 2 order by 1 limit 5`,
  `select code, count(*) filter (where b) as c, string_agg(ch, ',' order by n), array_agg(distinct n) from t group by rollup (code) having count(*) > 1`,
  `select * from t where exists (select 1 from t u where u.n = t.n) and n in (select big from t)`,
  `select x.*, g from (values (1,'a'),(2,'b')) x(i,s), generate_series(1,2) g, lateral (select i+1 as q) l`,
  `select distinct on (n) n, code, (select max(n) from t) as m, case code when 'a' then 1 else 2 end as k from t order by n, ts desc nulls last`,
  `select n from t tablesample system (10) where ts > now()`,
  `with recursive r(n) as (select 1 union all select n+1 from r where n < 5) select r.n, (t).comp.x, t is null as z from r natural join t`,
  `select json, "values", merge, "scalar", period from (select t.json, t."values", t.merge, t."scalar", t.period from t) q`,
  `select j->>'a' as a, jsonb_build_object('k', n) o, cast(n as varchar(5)) v, n::text::varchar, 'x' as lit, null as nul, 'x'::varchar as lit2, extract(epoch from ts) e, date_trunc('day', ts), ts at time zone 'utc' z from t`,
];

/** Checks, defaults, indexes and views with expressions of many forms, which no version may print apart. */
export const expressions: readonly string[] = [
  `create type mood as enum ('sad', 'ok')`,
  `create type comp as (x integer)`,
  `create domain dom as text`,
  `create domain vdom as varchar(10) check (value in ('x', 'y'))`,
  `create table t (${columns})`,
  ...conditions.flatMap((condition, index) => [
    `alter table t add constraint check_${index} check (${condition})`,
    `create view view_${index} as select t.*, (${condition}) as holds from t where ${condition}`,
  ]),
  // Only what never changes its answer can be indexed.
  ...conditions
    .filter((condition) => !/now|current|zone|\bts\b|money/.test(condition))
    .map(
      (condition, index) =>
        `create index index_${index} on t (((${condition}) is true)) where ${condition}`,
    ),
  ...queries.map((query, index) => `create view query_${index} as ${query}`),
];
