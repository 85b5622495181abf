import { READER } from './catalogue-fixture.ts';

/** A change of a live database, and what has to be found. */
export interface Mutation {
  readonly name: string;
  readonly sql: string;
  readonly differences: readonly string[];
  readonly words?: readonly string[];
  /** Default: false. */
  readonly losesData?: boolean | 'before 17';
  /** Those of the differences that Spire can't close. Default: none. */
  readonly open?: readonly string[];
  /** The oldest major version that knows the syntax. */
  readonly since?: number;
}

const mutation = (
  name: string,
  sql: string,
  differences: readonly string[],
  more: Partial<Mutation> = {},
): Mutation => ({ name, sql, differences, ...more });

/** A difference of something that Spire only names. */
const unknown = (name: string, sql: string, difference: string, words: string): Mutation =>
  mutation(name, sql, [difference], { open: [difference], words: [words] });

export const mutations: readonly Mutation[] = [
  // schemas
  mutation('a schema is added', 'create schema more', ['extra schema more'], {
    words: ["there is a schema more, which the migrations don't make"],
  }),
  mutation(
    'a schema is renamed',
    'alter schema side rename to other; alter schema other rename to side',
    [],
  ),

  // tables
  mutation(
    'a table is added',
    'create table more (id serial primary key, x text unique)',
    ['extra table more'],
    { losesData: true },
  ),
  mutation('a table is dropped', 'drop table side.line', ['missing table side.line'], {
    words: ['the table side.line is missing'],
  }),
  mutation('a table of the migrations is dropped', 'drop table tags cascade', [
    'missing table tags',
    'missing constraint workflow_tags: workflow_tags_tag_id_tags_id_fk',
  ]),
  mutation(
    'foreign keys are no longer checked',
    'alter table workflow_tags disable trigger all',
    ['changed table workflow_tags'],
    { words: ["table workflow_tags doesn't check its foreign keys"] },
  ),
  mutation(
    'a table becomes unlogged',
    'alter table side.line set unlogged',
    ['changed table side.line'],
    {
      words: ['table side.line is unlogged, and should be logged'],
    },
  ),
  mutation('a table becomes logged', 'alter table side.scratch set logged', [
    'changed table side.scratch',
  ]),
  mutation('row level security goes', 'alter table side.account disable row level security', [
    'changed table side.account',
  ]),
  mutation(
    'row level security is forced',
    'alter table history force row level security',
    ['changed table history'],
    {
      words: ['table history has forced row level security on, and should have it off'],
    },
  ),
  mutation(
    'a storage parameter changes',
    'alter table side.account set (fillfactor = 70), reset (autovacuum_enabled)',
    ['changed table side.account'],
  ),
  mutation('a storage parameter is added', 'alter table history set (fillfactor = 70)', [
    'changed table history',
  ]),
  mutation(
    'a partition is dropped',
    'alter table side.measure detach partition side.measure_2025; drop table side.measure_2025',
    ['missing table side.measure_2025'],
  ),
  mutation(
    'a partition is added',
    "create table side.measure_2026 partition of side.measure for values from ('2026-01-01 00:00:00+00') to ('2027-01-01 00:00:00+00')",
    ['extra table side.measure_2026'],
    { losesData: true },
  ),
  mutation(
    'a partition is detached',
    'alter table side.measure detach partition side.measure_2025',
    ['changed table side.measure_2025'],
  ),
  mutation(
    'a partition has other bounds',
    "alter table side.measure detach partition side.measure_2025; alter table side.measure attach partition side.measure_2025 for values from ('2025-01-01 00:00:00+00') to ('2027-01-01 00:00:00+00')",
    ['changed table side.measure_2025'],
  ),
  mutation(
    'a table is partitioned otherwise',
    'drop table side.bucket; create table side.bucket (x integer) partition by hash (x)',
    ['changed table side.bucket'],
    {
      words: [
        'table side.bucket is partitioned by HASH (x), and should be partitioned by LIST (x)',
      ],
      open: ['changed table side.bucket'],
    },
  ),
  mutation('a child is on its own', 'alter table side.child no inherit side.parent', [
    'changed table side.child',
  ]),

  // columns
  mutation(
    'a column is dropped',
    'alter table history drop column run_id',
    ['missing column history: run_id'],
    {
      words: ['table history lacks the column run_id (bigint)'],
    },
  ),
  mutation(
    'a column is added',
    'alter table history add column more text',
    ['extra column history: more'],
    {
      words: ["table history has a column more (text), which the migrations don't make"],
      losesData: true,
    },
  ),
  mutation(
    'a serial column is added',
    'alter table history add column more serial',
    ['extra column history: more'],
    { losesData: true },
  ),
  mutation(
    'a column becomes not null',
    'alter table history alter arg_date set not null',
    ['changed column history: arg_date'],
    {
      words: ['history.arg_date is not null, and should be nullable'],
    },
  ),
  mutation(
    'a column becomes nullable',
    'alter table history alter stats drop not null',
    ['changed column history: stats'],
    {
      words: ['history.stats is nullable, and should be not null'],
    },
  ),
  mutation(
    'a column is wider',
    'alter table history alter run_id type numeric',
    ['changed column history: run_id'],
    { words: ['history.run_id is numeric, and should be bigint'], losesData: true },
  ),
  mutation(
    'a column is narrower',
    'alter table history alter cluster_id type varchar(10)',
    ['changed column history: cluster_id'],
    { words: ['history.cluster_id is character varying(10), and should be text'] },
  ),
  mutation(
    'a column that views use has another type',
    `drop view side.richer, side.rich;
     alter table side.note alter body type varchar(5);
     create view side.rich with (security_barrier = true) as
       select a.id, a.email, n.body from side.account a left join side.note n on n.account_id = a.id
       where a.price > 10 and a.code in ('a', 'b');
     create view side.richer as select email, count(*) as notes from side.rich group by email;
     grant select on side.richer to ${READER}`,
    ['changed column side.note: body'],
  ),
  mutation('a default changes', "alter table history alter info set default '[]'", [
    'changed column history: info',
  ]),
  mutation('a default goes', 'alter table history alter id drop default', [
    'changed column history: id',
  ]),
  mutation('a default is added', "alter table history alter error set default 'none'", [
    'changed column history: error',
  ]),
  mutation('an identity goes', 'alter table side.account alter id drop identity', [
    'changed column side.account: id',
  ]),
  mutation(
    'an identity is by default',
    'alter table side.account alter id set generated by default',
    ['changed column side.account: id'],
  ),
  mutation(
    'an identity counts otherwise',
    'alter table side.account alter id set increment 1 set cycle set start 5',
    ['changed column side.account: id'],
  ),
  mutation(
    'a column becomes an identity',
    'alter table history alter run_id set not null, alter run_id add generated always as identity',
    ['changed column history: run_id'],
  ),
  mutation(
    'a generated column is plain',
    'alter table side.account alter total drop expression',
    ['changed column side.account: total'],
    { losesData: true },
  ),
  mutation(
    'a generated column is made otherwise',
    'alter table side.account drop total; alter table side.account add total numeric generated always as (price * 3) stored; create index account_total_idx on side.account (total); alter table side.account add constraint account_total_check check (total > price)',
    ['changed column side.account: total'],
    { losesData: 'before 17' },
  ),
  mutation(
    'a collation changes',
    'alter table side.line add x text collate "C"; alter table side.parent alter b type text collate "C"',
    ['extra column side.line: x', 'changed column side.parent: b'],
    { losesData: true },
  ),
  mutation(
    'an inherited column changes with its parent',
    "alter table side.parent alter b set default 'c', add column d integer, alter a drop not null",
    [
      'changed column side.parent: a',
      'changed column side.parent: b',
      'extra column side.parent: d',
    ],
    { losesData: true },
  ),
  mutation(
    'an inherited column has a default of its own',
    "alter table side.child alter b set default 'c'",
    ['changed column side.child: b'],
  ),
  mutation(
    'a partitioned table lacks a column',
    'alter table side.measure drop column value cascade',
    [
      'missing column side.measure: value',
      'missing constraint side.measure: measure_value_check',
      'missing index side.measure: side.measure_value_idx',
      'missing view side.simple',
      'missing materialized view side.sums',
    ],
  ),

  // types
  mutation(
    'a label is added',
    "alter type side.mood add value 'glad' after 'ok'",
    ['changed type side.mood'],
    {
      words: ['type side.mood is enum (sad, ok, glad, happy), and should be enum (sad, ok, happy)'],
      open: ['changed type side.mood'],
    },
  ),
  mutation(
    'a label is missing',
    "create type side.old as enum ('sad', 'ok'); alter table side.account alter mood drop default; drop index side.account_lower_idx; alter table side.account alter mood type side.old using mood::text::side.old, alter mood set default 'ok'; drop type side.mood; alter type side.old rename to mood; create index account_lower_idx on side.account (lower(email), mood desc nulls last) where code is not null",
    ['changed type side.mood'],
    {},
  ),
  mutation('a type is added', "create type more as enum ('x')", ['extra type more'], {
    words: ["there is an enum type more, which the migrations don't make"],
  }),
  mutation(
    'types that use each other are dropped',
    'alter table side.account drop column share; drop domain side.percent; drop type side.place',
    ['missing type side.percent', 'missing type side.place', 'missing column side.account: share'],
  ),
  mutation(
    'types that use each other are added',
    'create type one as (a integer); create domain two as one; create type three as (b two); create table four (c three)',
    ['extra type one', 'extra type three', 'extra type two', 'extra table four'],
    { losesData: true },
  ),
  mutation('a domain has another default', 'alter domain side.percent set default 1', [
    'changed type side.percent',
  ]),
  mutation(
    'a domain is not null',
    'alter domain side.percent set not null',
    ['changed type side.percent'],
    { words: ['type side.percent is not null, and should be nullable'] },
  ),
  mutation(
    'a domain checks otherwise',
    'alter domain side.percent drop constraint percent_range; alter domain side.percent add constraint percent_small check (value < 10)',
    ['changed type side.percent'],
  ),
  mutation(
    'a domain is of something else',
    'alter table side.account drop column share; drop domain side.percent; create domain side.percent as numeric(6,2) default 0 constraint percent_range check (value between 0 and 100); alter table side.account add share side.percent',
    ['changed type side.percent'],
    { open: ['changed type side.percent'] },
  ),
  mutation(
    'a composite type has another column',
    'alter type side.place add attribute z real, drop attribute x, alter attribute label type text',
    ['changed type side.place'],
    { losesData: true },
  ),
  mutation(
    'a range is of something else',
    'drop type side.span; create type side.span as range (subtype = integer)',
    ['changed type side.span'],
    { open: ['changed type side.span'] },
  ),
  mutation('a range is dropped', 'drop type side.span', ['missing type side.span']),

  // constraints
  mutation(
    'a primary key is dropped',
    'alter table history drop constraint history_pkey',
    ['missing constraint history: history_pkey'],
    { words: ['the primary key constraint history_pkey on history is missing'] },
  ),
  mutation(
    'a check is added',
    "alter table history add constraint more check (error <> '')",
    ['extra constraint history: more'],
    { words: ["there is a check constraint more on history, which the migrations don't make"] },
  ),
  mutation(
    'a check is not validated',
    "alter table history drop constraint history_stage_check, add constraint history_stage_check check (stage in ('assembly', 'training', 'scoring', 'postprocessing')) not valid",
    ['changed constraint history: history_stage_check'],
  ),
  mutation(
    'a check checks otherwise',
    "alter table history drop constraint history_stage_check, add constraint history_stage_check check (stage in ('assembly', 'training'))",
    ['changed constraint history: history_stage_check'],
  ),
  mutation(
    'a foreign key is validated',
    'alter table side.note validate constraint note_account_fk',
    ['changed constraint side.note: note_account_fk'],
  ),
  mutation(
    'a foreign key acts otherwise',
    'alter table side.note drop constraint note_account_fk, add constraint note_account_fk foreign key (account_id) references side.account (id) on delete set null not valid',
    ['changed constraint side.note: note_account_fk'],
  ),
  mutation(
    'a foreign key is dropped',
    'alter table history drop constraint history_workflow_id_workflows_id_fk',
    ['missing constraint history: history_workflow_id_workflows_id_fk'],
  ),
  mutation(
    'a foreign key of a partitioned table is dropped',
    'alter table side.measure drop constraint measure_account_fk',
    ['missing constraint side.measure: measure_account_fk'],
  ),
  mutation(
    'a unique constraint is at once',
    'alter table side.account drop constraint account_email_key, add constraint account_email_key unique (email)',
    ['changed constraint side.account: account_email_key'],
  ),
  mutation(
    'a key that others refer to can be deferred',
    'alter table side.account drop constraint account_pkey cascade; alter table side.account add constraint account_pkey primary key (id) include (code)',
    [
      'changed constraint side.account: account_pkey',
      'missing constraint side.measure: measure_account_fk',
      'missing constraint side.note: note_account_fk',
    ],
  ),
  mutation(
    'a key that others refer to includes more',
    'alter table side.account drop constraint account_pkey cascade; alter table side.account add constraint account_pkey primary key (id) include (code); alter table side.measure add constraint measure_account_fk foreign key (account_id) references side.account (id); alter table side.note add constraint note_account_fk foreign key (account_id) references side.account (id) on delete cascade not valid',
    ['changed constraint side.account: account_pkey'],
  ),
  mutation(
    'an exclusion is dropped',
    'alter table side.account drop constraint account_during_excl',
    ['missing constraint side.account: account_during_excl'],
  ),
  mutation(
    'a constraint is renamed',
    'alter table history rename constraint history_pkey to history_key',
    ['extra constraint history: history_key', 'missing constraint history: history_pkey'],
  ),
  mutation('an inherited check is dropped', 'alter table side.parent drop constraint a_positive', [
    'missing constraint side.parent: a_positive',
  ]),
  mutation(
    'a unique constraint has nulls not distinct',
    'alter table side.note add constraint note_once unique nulls not distinct (body)',
    ['extra constraint side.note: note_once'],
    { since: 15 },
  ),

  // indexes
  mutation(
    'an index is dropped',
    'drop index history_workflow_idx',
    ['missing index history: history_workflow_idx'],
    { words: ['the index history_workflow_idx on history is missing'] },
  ),
  mutation(
    'an index is added',
    'create index more on history (status)',
    ['extra index history: more'],
    { words: ["there is an index more on history, which the migrations don't make"] },
  ),
  mutation(
    'an index has other columns',
    'drop index history_arg_date_idx; create index history_arg_date_idx on history (arg_date)',
    ['changed index history: history_arg_date_idx'],
  ),
  mutation(
    'an index is for other rows',
    "drop index history_failures_idx; create index history_failures_idx on history (arg_date) where status <> 'success'",
    ['changed index history: history_failures_idx'],
  ),
  mutation(
    'an index is sorted otherwise',
    'drop index side.account_lower_idx; create index account_lower_idx on side.account (lower(email), mood) where code is not null',
    ['changed index side.account: side.account_lower_idx'],
  ),
  mutation(
    'an index is no longer unique',
    'drop index side.note_body_idx; create index note_body_idx on side.note (account_id, body) include (id)',
    ['changed index side.note: side.note_body_idx'],
  ),
  mutation("a partitioned table's index is dropped", 'drop index side.measure_value_idx', [
    'missing index side.measure: side.measure_value_idx',
  ]),
  mutation("a partition's index is dropped", 'drop index side.measure_2024_idx', [
    'missing index side.measure_2024: side.measure_2024_idx',
  ]),
  mutation("a view's index is dropped", 'drop index side.sums_idx', [
    'missing index side.sums: side.sums_idx',
  ]),

  // views
  mutation('a view is dropped', 'drop view side.simple', ['missing view side.simple'], {
    words: ['the view side.simple is missing'],
  }),
  mutation('views that use each other are dropped', 'drop view side.richer, side.rich', [
    'missing view side.rich',
    'missing view side.richer',
  ]),
  mutation(
    'views that use each other are added',
    'create view b as select 1 as x; create view a as select x from b; create view c as select x from a',
    ['extra view a', 'extra view b', 'extra view c'],
  ),
  mutation(
    'a view has another query',
    'create or replace view side.rich with (security_barrier = true) as select a.id, a.email, a.code::text as body from side.account a',
    ['changed view side.rich'],
    { words: ['view side.rich has another query than it should have'] },
  ),
  mutation('a view has another option', 'alter view side.rich reset (security_barrier)', [
    'changed view side.rich',
  ]),
  mutation(
    'a view is of invokers',
    'alter view side.simple set (security_invoker = true)',
    ['changed view side.simple'],
    { since: 15 },
  ),
  mutation(
    'a materialized view has another query',
    'drop materialized view side.sums; create materialized view side.sums as select account_id, sum(value) + 1 as total from side.measure group by account_id',
    ['missing index side.sums: side.sums_idx', 'changed materialized view side.sums'],
  ),
  mutation('a materialized view is dropped', 'drop materialized view side.sums', [
    'missing materialized view side.sums',
  ]),
  mutation(
    'a materialized view became a view',
    'drop materialized view side.sums; create view side.sums as select account_id, sum(value) as total from side.measure group by account_id',
    ['extra view side.sums', 'missing materialized view side.sums'],
  ),

  // sequences
  mutation('a sequence is dropped', 'drop sequence side.counter', [
    'missing sequence side.counter',
  ]),
  mutation('a sequence is added', 'create sequence more', ['extra sequence more']),
  mutation(
    'a sequence counts otherwise',
    'alter sequence side.counter as bigint increment 1 start 20 minvalue 1 maxvalue 700 cache 1 no cycle',
    ['changed sequence side.counter'],
  ),
  mutation(
    'a sequence stands elsewhere',
    "select nextval('side.counter'), nextval('dfp_orders_id_seq')",
    [],
  ),
  mutation(
    'a sequence belongs to nothing',
    'alter sequence dfp_orders_id_seq owned by none',
    ['changed sequence dfp_orders_id_seq'],
    { words: ['sequence dfp_orders_id_seq is owned by nothing, and should be by dfp_orders.id'] },
  ),
  mutation(
    'a serial column is plain',
    'alter table dfp_orders alter id drop default; drop sequence dfp_orders_id_seq',
    ['missing sequence dfp_orders_id_seq', 'changed column dfp_orders: id'],
  ),
  mutation(
    'a plain column is serial',
    "create sequence side.more owned by side.line.account_id; alter table side.line alter account_id set default nextval('side.more')",
    ['extra sequence side.more', 'changed column side.line: account_id'],
  ),

  // grants
  mutation(
    'somebody may read a table',
    `grant select on history to ${READER}`,
    [`extra grant ${READER} on history`],
    {
      words: [
        `there is a grant of SELECT to ${READER} on history, which the migrations don't make`,
      ],
    },
  ),
  mutation('somebody may not read a table', `revoke select on side.account from ${READER}`, [
    `changed grant ${READER} on side.account`,
  ]),
  mutation('somebody may do nothing with a table', `revoke all on side.account from ${READER}`, [
    `missing grant ${READER} on side.account`,
  ]),
  mutation('somebody may pass on', `grant select on side.account to ${READER} with grant option`, [
    `changed grant ${READER} on side.account`,
  ]),
  mutation(
    'somebody may not pass on',
    `revoke grant option for usage on sequence side.counter from ${READER}`,
    [`changed grant ${READER} on sequence side.counter`],
  ),
  mutation('everybody may read a view', 'grant select on side.rich to public', [
    'extra grant public on side.rich',
  ]),
  mutation('somebody may read another column', `grant select (id) on side.note to ${READER}`, [
    `extra grant ${READER} on side.note.id`,
  ]),
  mutation('somebody may not write a column', `revoke update (body) on side.note from ${READER}`, [
    `changed grant ${READER} on side.note.body`,
  ]),
  mutation('somebody may not use a schema', `revoke usage on schema side from ${READER}`, [
    `missing grant ${READER} on schema side`,
  ]),
  mutation('somebody may make things in a schema', `grant create on schema public to ${READER}`, [
    `extra grant ${READER} on schema public`,
  ]),
  mutation(
    'everybody may call a function',
    'grant execute on function side.double(integer) to public',
    ['extra grant public on routine side.double(n integer)'],
  ),
  mutation(
    'nobody else may call a function',
    'revoke execute on function side.stamp() from public',
    ['missing grant public on routine side.stamp()'],
  ),
  mutation(
    'the owner has said what it may',
    'grant all on history to current_user; grant all on schema side to current_user; revoke insert on history from current_user',
    [],
  ),
  mutation(
    'what belongs to nobody here changes',
    'comment on table history is $$x$$; analyze history; alter table alembic_version add x integer; create index on alembic_version (x); create schema if not exists spire; create table spire.more (x integer); create table drizzle.more (x integer); create temporary table later (x integer); create temporary view later_view as select * from later',
    [],
  ),

  // what is only named
  unknown(
    'a trigger is added',
    'create trigger audit before update on history for each row execute function side.stamp()',
    'extra unknown history: audit',
    "there is a trigger audit on history, which the migrations don't make",
  ),
  unknown(
    'a trigger is dropped',
    'drop trigger stamp on side.note',
    'missing unknown side.note: stamp',
    'the trigger stamp on side.note is missing',
  ),
  unknown(
    'a trigger is disabled',
    'alter table side.note disable trigger stamp',
    'changed unknown side.note: stamp',
    "the trigger stamp on side.note isn't as it should be",
  ),
  unknown(
    'a trigger is for something else',
    'create or replace trigger stamp before insert on side.note for each row execute function side.stamp()',
    'changed unknown side.note: stamp',
    "the trigger stamp on side.note isn't as it should be",
  ),
  unknown(
    'a function is added',
    'create function more() returns integer language sql as $$select 1$$',
    'extra unknown more()',
    "there is a function more(), which the migrations don't make",
  ),
  unknown(
    'a function has another body',
    "create or replace function side.stamp() returns trigger language plpgsql as 'begin return old; end'",
    'changed unknown side.stamp()',
    "the function side.stamp() isn't as it should be",
  ),
  unknown(
    'a function is dropped',
    'drop function side.body(integer)',
    'missing unknown side.body(n integer)',
    'the function side.body(n integer) is missing',
  ),
  unknown(
    'a procedure is dropped',
    'drop procedure side.nothing()',
    'missing unknown side.nothing()',
    'the procedure side.nothing() is missing',
  ),
  unknown(
    'an aggregate begins elsewhere',
    "create or replace aggregate side.product(integer) (sfunc = int4mul, stype = integer, initcond = '2')",
    'changed unknown side.product(integer)',
    "the aggregate side.product(integer) isn't as it should be",
  ),
  unknown(
    'a policy is added',
    'create policy more on history using (true)',
    'extra unknown history: more',
    "there is a policy more on history, which the migrations don't make",
  ),
  unknown(
    'a policy is for others',
    `alter policy own on side.account to ${READER}`,
    'changed unknown side.account: own',
    "the policy own on side.account isn't as it should be",
  ),
  unknown(
    'a rule is dropped',
    'drop rule quiet on side.scratch',
    'missing unknown side.scratch: quiet',
    'the rule quiet on side.scratch is missing',
  ),
  unknown(
    'statistics are dropped',
    'drop statistics side.account_stats',
    'missing unknown side.account_stats',
    'the statistics object side.account_stats is missing',
  ),
  unknown(
    'statistics are of something else',
    'drop statistics side.account_stats; create statistics side.account_stats on email, price from side.account',
    'changed unknown side.account_stats',
    "the statistics object side.account_stats isn't as it should be",
  ),
  unknown(
    'a collation is dropped',
    'drop collation side.plain',
    'missing unknown side.plain',
    'the collation side.plain is missing',
  ),
  unknown(
    'a publication is of more',
    'alter publication partly add table history',
    'changed unknown partly',
    "the publication partly isn't as it should be",
  ),
  unknown(
    'an event trigger is added',
    "create function pg_temp.x() returns event_trigger language plpgsql as 'begin end'; create event trigger watch on ddl_command_end execute function pg_temp.x()",
    'extra unknown watch',
    "there is an event trigger watch, which the migrations don't make",
  ),
  unknown(
    'a foreign-data wrapper is added',
    'create foreign data wrapper more',
    'extra unknown more',
    "there is a foreign-data wrapper more, which the migrations don't make",
  ),
  unknown(
    'a cast is added',
    'create cast (side.mood as integer) with inout',
    'extra unknown side.mood as integer',
    "there is a cast side.mood as integer, which the migrations don't make",
  ),
  unknown(
    'an operator is added',
    'create operator side.=== (leftarg = integer, rightarg = integer, function = int4eq)',
    'extra unknown side.===(integer,integer)',
    "there is an operator side.===(integer,integer), which the migrations don't make",
  ),
  unknown(
    'a text search configuration is added',
    'create text search configuration more (copy = simple)',
    'extra unknown more',
    "there is a text search configuration more, which the migrations don't make",
  ),

  // what only newer versions know
  mutation(
    'a column is not null, but not for all rows',
    'alter table history add constraint later not null error not valid',
    ['changed column history: error'],
    { since: 18, words: ['history.error is not null, but not validated, and should be nullable'] },
  ),
  mutation(
    'a not null was never validated',
    'alter table history alter stats drop not null; alter table history add constraint later not null stats not valid',
    ['changed column history: stats'],
    { since: 18 },
  ),
  mutation(
    'a virtual column is added',
    'alter table history add more text generated always as (error) virtual',
    ['extra column history: more'],
    { since: 18, losesData: true },
  ),
  mutation(
    'a generated column is virtual',
    'alter table side.account drop total; alter table side.account add total numeric generated always as (price * 2) virtual',
    [
      'changed column side.account: total',
      'missing constraint side.account: account_total_check',
      'missing index side.account: side.account_total_idx',
    ],
    { since: 18, losesData: true },
  ),
  mutation(
    'somebody may maintain a table',
    `grant maintain on history to ${READER}`,
    [`extra grant ${READER} on history`],
    { since: 17 },
  ),
  mutation(
    'a check is not enforced',
    "alter table history drop constraint history_stage_check, add constraint history_stage_check check (stage in ('assembly', 'training', 'scoring', 'postprocessing')) not enforced",
    ['changed constraint history: history_stage_check'],
    { since: 18 },
  ),
  mutation(
    'a plain column is virtual',
    'alter table history drop error; alter table history add error text generated always as (status) virtual',
    ['changed column history: error'],
    { since: 18, losesData: true },
  ),
];
