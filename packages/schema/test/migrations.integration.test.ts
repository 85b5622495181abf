import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PostgresAccess, startPostgres } from '@spire/servers';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { describe, expect, inject, test } from 'vitest';
import { type MigrationFile, migrationFiles } from '../src/migration-files.ts';
import { schema } from '../src/schema.ts';
import { type BadRows, badRows } from './bad-rows.ts';
import { baselineCatalogue } from './baseline-catalogue.ts';
import { readCatalogue } from './catalogue.ts';
import { legacyMerged, legacyRows, modernRows } from './legacy-rows.ts';

const POSTGRES_15 = '/usr/lib/postgresql/15/bin';
const [baseline, ...modern] = migrationFiles() as [MigrationFile, ...MigrationFile[]];
const server = PostgresAccess.at(inject('postgresUrl'));

async function withDatabase(
  name: string,
  use: (client: pg.Client) => Promise<void>,
  on: PostgresAccess = server,
) {
  const client = new pg.Client({ connectionString: await on.createDatabase(name) });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
    await on.dropDatabase(name);
  }
}

/** As a runner does it: a transaction per file. */
async function apply(client: pg.Client, files: readonly MigrationFile[]) {
  for (const { statements } of files) {
    await client.query('begin');
    for (const statement of statements) await client.query(statement);
    await client.query('commit');
  }
}

interface SetAside {
  source_table: string;
  reason: string;
  row: string;
}

const asFate = ({ source_table, reason, row }: SetAside) =>
  [source_table, reason, JSON.parse(row) as object] as const;

/** All kinds in one database: none changes the fate of another's rows. */
const together: BadRows = {
  kind: 'all of these in one database',
  sql: badRows.map(({ sql }) => sql).join('\n'),
  quarantined: badRows.flatMap(({ quarantined }) => quarantined),
  merged: Object.fromEntries(
    Object.keys(baselineCatalogue).map((table) => [
      table,
      badRows.reduce((sum, { merged }) => sum + (merged?.[table] ?? 0), 0),
    ]),
  ),
};

async function answer(client: pg.Client, question: string): Promise<unknown> {
  const { rows } = await client.query<unknown[]>({ text: question, rowMode: 'array' });
  return rows[0]?.[0];
}

async function countRows(client: pg.Client, tables: string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of tables) {
    counts[table] = Number(await answer(client, `select count(*) from ${table}`));
  }
  return counts;
}

async function expectModernRows(client: pg.Client) {
  await client.query("set timezone to 'UTC'");
  const recent = Date.now() - 3_600_000;
  for (const [table, expected] of Object.entries(modernRows)) {
    const { rows } = await client.query<{ row: object }>(
      `select to_json(${table}) as row from ${table} order by ${table}::text`,
    );
    const got = rows.map(({ row }) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [
          key,
          key.endsWith('_at') && Date.parse(value) > recent ? 'now' : value,
        ]),
      ),
    );
    expect({ [table]: got }).toEqual({ [table]: expected });
  }
}

describe('the baseline', () => {
  test('is what Alembic left, to the letter', async () => {
    await withDatabase('baseline', async (client) => {
      await apply(client, [baseline]);
      expect(await readCatalogue(client)).toEqual(baselineCatalogue);
      const { rows } = await client.query(
        "select pg_get_serial_sequence('dfp_orders', 'id') as owned",
      );
      expect(rows).toEqual([{ owned: 'public.dfp_orders_id_seq' }]);
    });
  });
});

describe('the modern schema', () => {
  test('is what the Drizzle tables declare', async () => {
    // What drizzle-kit makes of the tables on an empty database, against what our SQL makes of the baseline.
    const declared = await generateMigration(generateDrizzleJson({}), generateDrizzleJson(schema));
    await withDatabase('declared', async (declaredClient) => {
      for (const statement of declared) await declaredClient.query(statement);
      await withDatabase('migrated', async (client) => {
        await apply(client, [baseline, ...modern]);
        const catalogues = await Promise.all([client, declaredClient].map(readCatalogue));
        for (const { columns } of catalogues.flatMap(Object.values)) columns.sort();
        expect(catalogues[0]).toEqual(catalogues[1]);
      });
    });
  });

  test('has no enum types, no triggers, and primary keys everywhere', async () => {
    await withDatabase('highlights', async (client) => {
      await apply(client, [baseline, ...modern]);
      const { rows } = await client.query(`
        select
          (select count(*)::int from pg_type where typtype = 'e') as enums,
          (select count(*)::int from pg_trigger where not tgisinternal) as triggers,
          (select count(*)::int from pg_attribute a join pg_class c on c.oid = attrelid
            where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0
              and atttypid in ('timestamp'::regtype, 'json'::regtype)) as old_types`);
      expect(rows).toEqual([{ enums: 0, triggers: 0, old_types: 0 }]);
      for (const [table, { constraints }] of Object.entries(await readCatalogue(client))) {
        expect([table, constraints.filter((line) => line.includes('PRIMARY KEY')).length]).toEqual([
          table,
          1,
        ]);
      }
    });
  });

  test.each([
    ["('training', 'running')", true],
    ["('postprocessing', 'failed')", true],
    ["('scoring', 'model_load_error')", true],
    ["('training', 'model_load_error')", false],
    ["('scoring', 'Model Error')", false],
    ["('scoring', 'done')", false],
    ["('TRAINING', 'running')", false],
  ])('history takes %s: %s', async (values, accepted) => {
    const name = `history_${values.replace(/\W+/g, '_')}${accepted}`;
    await withDatabase(name, async (client) => {
      await apply(client, [baseline, ...modern]);
      await client.query(`insert into workflows (name, description) values ('a', '')`);
      const insert = client.query(
        `insert into history (workflow_id, stage, status) select id, stage, status
         from workflows, (values ${values}) as given (stage, status)`,
      );
      if (accepted) await insert;
      else await expect(insert).rejects.toThrow(/check constraint/);
    });
  });
});

describe('rows that Alembic left', () => {
  test('are carried over without loss', async () => {
    await withDatabase('carried', async (client) => {
      await apply(client, [baseline]);
      await client.query(legacyRows);
      // Whatever the session's zone and date style, legacy times are UTC.
      await client.query("set timezone to 'America/New_York'; set datestyle to 'German'");
      await apply(client, modern);
      await client.query("set datestyle to 'ISO'");
      await expectModernRows(client);
    });
  });

  test("also by drizzle's own migrator, all in one transaction", async () => {
    await withDatabase('by_drizzle', async (client) => {
      await apply(client, [baseline]);
      await client.query(legacyRows);
      await client.query(`create schema drizzle;
        create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
        insert into drizzle.__drizzle_migrations (hash, created_at)
        values ('${baseline.hash}', ${baseline.createdAt})`);
      const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url));
      await migrate(drizzle(client), { migrationsFolder });
      await expectModernRows(client);
    });
  });

  test('also on PostgreSQL 15', async (context) => {
    if (!existsSync(POSTGRES_15)) context.skip(`there is no PostgreSQL 15 in ${POSTGRES_15}`);
    const older = await startPostgres({ lifetime: 'parent', binaries: POSTGRES_15 });
    try {
      await withDatabase(
        'carried',
        async (client) => {
          await apply(client, [baseline]);
          expect(await readCatalogue(client)).toEqual(baselineCatalogue);
          await client.query(legacyRows);
          await apply(client, modern);
          await expectModernRows(client);
        },
        older,
      );
    } finally {
      await older.stop();
    }
  });

  test('stay readable to those who might read them', async () => {
    await withDatabase('granted', async (client) => {
      await apply(client, [baseline]);
      await client.query(`create role schema_reader;
        grant select on cluster_status, postprocess, history to schema_reader with grant option;
        grant select on postprocess to public`);
      await apply(client, modern);
      const { rows } = await client.query(`
        select table_name, grantee, is_grantable from information_schema.role_table_grants
        where grantee in ('schema_reader', 'PUBLIC') and table_schema = 'public' order by 1, 2`);
      expect(rows.map(Object.values)).toEqual([
        ['cluster_status', 'schema_reader', 'YES'],
        ['history', 'schema_reader', 'YES'],
        ['postprocessors', 'PUBLIC', 'NO'],
        ['postprocessors', 'schema_reader', 'YES'],
      ]);
      await client.query('drop owned by schema_reader; drop role schema_reader');
    });
  });

  test('quarantine none, when none is bad', async () => {
    await withDatabase('none_bad', async (client) => {
      await apply(client, [baseline]);
      await client.query(legacyRows);
      await apply(client, modern);
      const { rows } = await client.query('select * from spire.quarantine');
      expect(rows).toEqual([]);
    });
  });

  test.each([...badRows, together])('have the fate that is written down: $kind', async (bad) => {
    const name = `bad_${bad.kind.replace(/\W+/g, '_')}`.slice(0, 60);
    await withDatabase(name, async (client) => {
      await apply(client, [baseline]);
      await client.query(legacyRows);
      await client.query(bad.sql);
      const found = await countRows(client, Object.keys(baselineCatalogue));
      await apply(client, modern);

      const { rows } = await client.query<SetAside>(
        'select source_table, reason, row::text from spire.quarantine order by id',
      );
      const unexpected = rows.map(asFate);
      const missing = bad.quarantined.filter((fate) => {
        const index = unexpected.findIndex(
          (row) =>
            expect.objectContaining(fate[2]).asymmetricMatch(row[2]) &&
            row[0] === fate[0] &&
            row[1] === fate[1],
        );
        if (index >= 0) unexpected.splice(index, 1);
        return index < 0;
      });
      expect({ missing, unexpected }).toEqual({ missing: [], unexpected: [] });

      const { rows: counts } = await client.query('select * from spire.legacy_rows');
      for (const row of counts) {
        const table: string = row.source_table;
        const merged = (legacyMerged[table] ?? 0) + (bad.merged?.[table] ?? 0);
        const quarantined = bad.quarantined.filter(([source]) => source === table).length;
        expect({
          table,
          found: Number(row.found),
          carried: Number(row.carried),
          merged: Number(row.merged),
          quarantined: Number(row.quarantined),
        }).toEqual({
          table,
          found: found[table],
          carried: (found[table] ?? 0) - merged - quarantined,
          merged,
          quarantined,
        });
      }
      expect(counts.map(({ source_table: table }) => table).sort()).toEqual(
        Object.keys(baselineCatalogue).sort(),
      );
      if (bad.kept) expect(await answer(client, bad.kept[0])).toBe(bad.kept[1]);
    });
  });
});
