import { expect, it } from 'vitest';
import { withoutLiterals } from './sql-text.ts';

it.each([
  ["select * from t where name = 'Ann'", 'select * from t where name = ?'],
  ["update t set a = 'it''s', b = 2.5e3", 'update t set a = ?, b = ?'],
  ['select "t1"."Name 2" from t1 where a = $1', 'select "t1"."Name 2" from t1 where a = $1'],
  ["insert into t values (1, 'a'), (2, 'b')", 'insert into t values (?, ...), (?, ...)'],
  ["select e'a\\'b', .5, 0x1F", 'select ?, ...'],
  ["do $x$ begin perform 'Ann'; end $x$", 'do ?'],
  ["select 1 -- Ann's\n  /* Bob's */ from\n\tt", 'select ? from t'],
  // Cut off, as Postgres does with long ones.
  ["select * from t where name = 'An", 'select * from t where name = ?'],
  ["select e'An\\", 'select e?'],
  ['do $x$ begin', 'do ?'],
  ['select "na', 'select "na'],
])('shows %j without its values', (sql, shown) => {
  expect(withoutLiterals(sql)).toBe(shown);
});

it.each(["select 'a\\'Ann', b", "select 'a\\'', 'Ann'", "select 'a\\' or x = ''Ann'"])(
  'hides the rest where a backslash may hide a quote: %j',
  (sql) => {
    expect(withoutLiterals(sql)).toBe('select ? ...');
  },
);
