import { expect, test } from 'vitest';
import { measureEffects } from '../src/index.ts';
import { migration, statements } from './migration-file.ts';
import { useTestDatabase } from './test-database.ts';

const database = useTestDatabase('effects');

test('what statements lock and write anew is seen, table by table', async () => {
  const shadow = await database.connect();
  await shadow.query(
    'create table a (id int, b text); create table b (id int); create table gone ()',
  );
  const [file, alone] = await measureEffects(shadow, [
    migration(
      0,
      statements(
        'select count(*) from a;',
        'update a set id = 1;',
        'create index a_idx on a (id);',
        'alter table a add column more int;',
        'alter table a alter column b type jsonb using b::jsonb;',
        'alter table a add constraint a_check check (id > 0);',
        'create table made (id int);',
        'alter table made add column more int;',
        'drop table gone;',
        'alter table b rename to c;',
      ),
    ),
    migration(
      1,
      '-- spire:no-transaction\ncreate index concurrently if not exists b_idx on c (id);',
    ),
  ]);
  const seen = file?.statements.map(({ tables }) =>
    (tables ?? []).map(
      ({ table, lock, rewrites }) => `${table} ${lock}${rewrites ? ' rewritten' : ''}`,
    ),
  );
  expect(seen).toEqual([
    [],
    ['a RowExclusiveLock'],
    ['a ShareLock'],
    ['a AccessExclusiveLock'],
    ['a AccessExclusiveLock rewritten'],
    // It has that lock already, to the end of the file.
    [],
    [],
    [],
    ['gone AccessExclusiveLock'],
    ['b AccessExclusiveLock'],
  ]);
  expect(alone?.statements).toMatchObject([{ tables: undefined }]);
});

test('a migration that fails in the shadow says which, and leaves it usable', async () => {
  const shadow = await database.connect();
  await expect(measureEffects(shadow, [migration(0, 'select nowhere;')])).rejects.toMatchObject({
    code: 'MIGRATION_FAILED',
    message: 'Migration 0000_x failed in the shadow: column "nowhere" does not exist (42703)',
  });
  expect(await measureEffects(shadow, [migration(0, 'select 1;')])).toHaveLength(1);
});
