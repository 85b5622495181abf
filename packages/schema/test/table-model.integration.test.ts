import { PostgresAccess } from '@spire/servers';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { type TableModel, tableModels } from '../scripts/table-model.ts';
import { migrationFiles } from '../src/migration-files.ts';

// The pages about tables are made from the model; here it is held against what the migrations make.

/** What a model says, with Postgres' names of types, and checks and parts of indexes by their names alone. */
function asPostgresSays(model: TableModel) {
  const { checks, indexes, columns } = model;
  return {
    ...model,
    columns: columns.map((one) =>
      one.type === 'serial'
        ? { ...one, type: 'integer', default: `nextval('${model.name}_${one.name}_seq'::regclass)` }
        : { ...one, type: one.type.replace('varchar', 'character varying') },
    ),
    indexes: indexes.map((one) => ({ ...one, where: one.where !== undefined })),
    checks: checks.map(({ name }) => name).sort(),
  };
}

const sorted = <T>(items: readonly T[]) =>
  items.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));

const inOneOrder = (table: ReturnType<typeof asPostgresSays>) => ({
  ...table,
  columns: sorted(table.columns),
  unique: sorted(table.unique),
  references: sorted(table.references),
  indexes: sorted(table.indexes),
});

test('what the pages say of tables is what a migrated database has', async () => {
  const server = PostgresAccess.at(inject('postgresUrl'));
  const client = new pg.Client({ connectionString: await server.createDatabase('table_model') });
  await client.connect();
  try {
    for (const { statements } of migrationFiles()) {
      await client.query('begin');
      for (const statement of statements) await client.query(statement);
      await client.query('commit');
    }
    const { rows } = await client.query(CATALOGUE);
    const found = rows.map(({ columns, ...table }) => ({
      ...table,
      columns: columns.map((one: { default: string | null }) => ({
        ...one,
        default: one.default ?? undefined,
      })),
    }));
    expect(found.map(inOneOrder)).toEqual(tableModels().map(asPostgresSays).map(inOneOrder));
  } finally {
    await client.end();
    await server.dropDatabase('table_model');
  }
});

const columnNames = (keys: string, table: string) => `(
  select json_agg(attname order by place)
  from unnest(${keys}) with ordinality as key (number, place)
  join pg_attribute on attrelid = ${table} and attnum = number)`;

const actionName = (column: string) =>
  `(case ${column} when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade' end)`;

const CATALOGUE = `
  select relname as name,
    (select json_agg(json_build_object(
        'name', attname, 'type', format_type(atttypid, atttypmod), 'notNull', attnotnull,
        'default', pg_get_expr(adbin, adrelid)))
      from pg_attribute
      left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where attrelid = c.oid and attnum > 0 and not attisdropped) as columns,
    (select ${columnNames('conkey', 'conrelid')}
      from pg_constraint where conrelid = c.oid and contype = 'p') as "primaryKey",
    (select coalesce(json_agg(${columnNames('conkey', 'conrelid')}), '[]')
      from pg_constraint where conrelid = c.oid and contype = 'u') as "unique",
    (select coalesce(json_agg(json_build_object(
        'columns', ${columnNames('conkey', 'conrelid')}, 'table', confrelid::regclass::text,
        'targets', ${columnNames('confkey', 'confrelid')},
        'onDelete', ${actionName('confdeltype')}, 'onUpdate', ${actionName('confupdtype')})), '[]')
      from pg_constraint where conrelid = c.oid and contype = 'f') as "references",
    (select coalesce(json_agg(json_build_object(
        'name', indexrelid::regclass::text,
        'columns', ${columnNames('indkey::int2[]', 'indrelid')},
        'where', indpred is not null)), '[]')
      from pg_index
      where indrelid = c.oid
        and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))
    ) as indexes,
    (select coalesce(json_agg(conname order by conname collate "C"), '[]')
      from pg_constraint where conrelid = c.oid and contype = 'c') as checks
  from pg_class c
  where relnamespace = 'public'::regnamespace and relkind = 'r'
  order by relname collate "C"`;
