import { migrationFiles } from '@spire/schema';
import { expect, it } from 'vitest';
import { clearShadow, replay, requireEmpty } from '../src/index.ts';
import { useTestDatabase } from './test-database.ts';

const database = useTestDatabase('shadow');

it.each([
  ['a table', 'create table a ()', 'table a'],
  [
    'a function alone',
    `create function f() returns int language sql as 'select 1'`,
    'function f()',
  ],
  ['a type alone', 'create type t as enum ()', 'type t'],
  ['an extension', 'create extension pg_trgm', 'extension pg_trgm'],
  ['a schema alone', 'create schema other', 'schema other'],
  ['what is in another schema', 'create schema other; create sequence other.s', 'sequence other.s'],
])('a database with %s is no shadow', async (_, sql, found) => {
  const client = await database.connect();
  await client.query(sql);
  await expect(requireEmpty(client)).rejects.toMatchObject({
    code: 'SHADOW_NOT_EMPTY',
    message: expect.stringContaining(`and has ${found}`),
  });
});

it('an empty one is, again and again', async () => {
  const client = await database.connect();
  for (let round = 0; round < 2; round += 1) {
    await requireEmpty(client);
    await replay(client, migrationFiles());
    await expect(requireEmpty(client)).rejects.toMatchObject({ code: 'SHADOW_NOT_EMPTY' });
    await clearShadow(client);
  }
});
