import { migrationFiles } from '@spire/schema';
import { describe, expect, it } from 'vitest';
import { lintMigration } from '../src/index.ts';
import { migration, statements } from './migration-file.ts';

const rules = async (sql: string, down: string | undefined = 'select 1;') =>
  (await lintMigration(migration(0, sql, down))).map(({ rule, line }) => `${line} ${rule}`);

describe('lintMigration', () => {
  it.each([
    ['a dropped table', 'drop table a;', ['1 ban-drop-table']],
    ['a dropped column', 'alter table a drop column b;', ['1 ban-drop-column']],
    ['a rewritten column', 'alter table a alter column b type text;', ['1 changing-column-type']],
    [
      'an index that blocks writers',
      'create index i on a (b);',
      ['1 require-concurrent-index-creation'],
    ],
    [
      'a foreign key that is checked under a lock',
      'alter table a add constraint f foreign key (b) references c (id);',
      ['1 adding-foreign-key-constraint', '1 constraint-missing-not-valid'],
    ],
    [
      'a check that is tried under a lock',
      'alter table a add constraint k check (b > 0);',
      ['1 constraint-missing-not-valid'],
    ],
    [
      'a column that is needed at once',
      'alter table a alter column b set not null;',
      ['1 adding-not-nullable-field'],
    ],
    ['a renamed column', 'alter table a rename column b to c;', ['1 renaming-column']],
    ['a table of its own', 'create table a (id bigint primary key);', []],
    ['a column more', 'alter table a add column c bigint;', []],
    [
      'CONCURRENTLY in a transaction',
      'create index concurrently if not exists i on a (b);',
      ['1 concurrently-in-transaction'],
    ],
    [
      'CONCURRENTLY that does not bear being run again',
      '-- spire:no-transaction\ncreate index concurrently i on a (b);',
      ['2 prefer-robust-stmts'],
    ],
    [
      'CONCURRENTLY as it should be',
      '-- spire:no-transaction\ncreate index concurrently if not exists i on a (b);',
      [],
    ],
    [
      'two statements without a transaction',
      statements('-- spire:no-transaction\nselect 1;', 'select 2;'),
      ['1 one-statement-alone'],
    ],
    ['a directive that there is not', '-- spire:no-transation\nselect 1;', ['1 unknown-directive']],
  ])('%s', async (_, sql, expected) => {
    expect((await rules(sql)).sort()).toEqual(expected);
  });

  it('asks for a way back, or why there is none', async () => {
    const lint = async (sql: string) =>
      (await lintMigration(migration(0, sql))).map(({ rule }) => rule);
    expect(await lint('select 1;')).toEqual(['no-way-back']);
    expect(await lint('-- spire:irreversible\nselect 1;')).toEqual(['no-way-back']);
    expect(await lint('-- spire:irreversible rows would go\nselect 1;')).toEqual([]);
  });

  const twice = (allow: string) =>
    statements(`select 1;`, `${allow}\ndrop table a;`, 'drop table b;');

  it.each([
    [
      'the statement after it',
      twice('-- spire:allow ban-drop-table reason=empty'),
      ['6 ban-drop-table'],
    ],
    [
      'nothing without a reason',
      twice('-- spire:allow ban-drop-table'),
      ['3 allowed-without-reason', '4 ban-drop-table', '6 ban-drop-table'],
    ],
    [
      'nothing but its rules',
      twice('-- spire:allow ban-drop-column,renaming-table reason=empty'),
      ['4 ban-drop-table', '6 ban-drop-table'],
    ],
    [
      'no more than that, when the breakpoint stands on its line',
      'select 1;\n-- spire:allow ban-drop-table reason=empty\ndrop table a;--> statement-breakpoint\ndrop table b;',
      ['4 ban-drop-table'],
    ],
    [
      'nothing by a string',
      "select '\n-- spire:allow ban-drop-table reason=empty\n';\ndrop table a;",
      ['4 ban-drop-table'],
    ],
    [
      'nothing by a comment around it',
      'select 1; /*\n-- spire:allow ban-drop-table reason=empty\n*/\ndrop table a;',
      ['4 ban-drop-table'],
    ],
    [
      'the whole file, in its header',
      `-- spire:allow ban-drop-table reason=empty\n${twice('')}`,
      [],
    ],
  ])('lets pass %s', async (_, sql, expected) => {
    expect(await rules(sql)).toEqual(expected);
  });

  it('finds nothing in the migrations of this package', async () => {
    expect((await Promise.all(migrationFiles().map(lintMigration))).flat()).toEqual([]);
  });
});
