import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyMigrations, claimDatabase } from '@spire/migrate';
import { startPostgres, startVault } from '@spire/servers';
import { rebuildEmpty, type Session } from '@spire/transfer';
import pg from 'pg';
import { extendBuild } from './extended-build.ts';
import { Home } from './spire-process.ts';
import { withClient } from './with-client.ts';

/**
 * One is protected by the config file, one by its name, one that nobody has claimed, one as Alembic left
 * it, one whose ledger has another hash for {@link EDITED}, and one whose tables were replaced.
 */
export const PROTECTED = [
  'vital',
  'production',
  'unclaimed',
  'legacy',
  'edited',
  'replaced',
] as const;

/** The newest applied migration. */
export const EDITED = '0013_notes';

/** Where a command has something to do. */
export function environmentFor(id: string): (typeof PROTECTED)[number] {
  if (id === 'migrate:adopt') return 'legacy';
  if (id === 'db:undo') return 'replaced';
  return id === 'migrate:repair' ? 'edited' : 'vital';
}

/** Everything that a database holds, as queries: rows, definitions, sequences, rights. */
const CONTENT = [
  `select table_schema, table_name,
     query_to_xml(format('select * from %I.%I', table_schema, table_name), true, false, '')::text
   from information_schema.tables where table_schema in ('public', 'spire', 'drizzle') order by 1, 2`,
  `select table_schema, table_name, column_name, data_type, column_default, is_nullable
   from information_schema.columns where table_schema in ('public', 'spire', 'drizzle') order by 1, 2, 3`,
  `select c.oid::regclass::text, c.relkind, c.relacl::text, pg_get_indexdef(c.oid) as index
   from pg_class c where c.relnamespace::regnamespace::text in ('public', 'spire', 'drizzle') order by 1, 2`,
  `select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
   where connamespace::regnamespace::text in ('public', 'spire', 'drizzle') order by 1, 2`,
  'select oid::regprocedure::text from pg_proc where oid >= 16384 order by 1',
  'select nspname, nspacl::text from pg_namespace where oid >= 16384 order by 1',
  'select schemaname, sequencename, last_value from pg_sequences order by 1, 2',
  'select rolname, rolsuper, rolcanlogin, rolconfig::text from pg_roles order by 1',
  'select datname, datacl::text from pg_database order by 1',
];

/** Sets aside all that a database has, so that there is something to undo. */
async function replaceAll(client: pg.Client, environment: string): Promise<void> {
  const session = { query: client.query.bind(client), release: () => {} } as unknown as Session;
  const sessions = { connect: async () => session };
  await rebuildEmpty({ environment, sessions }, { actor: { name: 'test', toolVersion: '0' } });
}

/**
 * What a protected environment is made of: a Postgres with TLS that has a database for each of
 * {@link PROTECTED}, with a row in every table and a migration pending; and a Vault with its credential.
 */
export async function startProtected() {
  const [postgres, vault] = await Promise.all([
    startPostgres({ lifetime: 'parent', tls: true }),
    startVault(),
  ]);
  const build = extendBuild();
  const { port, user, password } = postgres;
  let shadows = 0;

  const onDatabase = <T>(database: string, run: (client: pg.Client) => Promise<T>) =>
    withClient(postgres, database, run);

  for (const name of PROTECTED) {
    await postgres.createDatabase(name);
    await onDatabase(name, async (client) => {
      if (name === 'legacy') return leaveByAlembic(client, build.files[0]?.sql ?? '');
      const files = build.files.slice(0, -1);
      await applyMigrations(client, { files, actor: { name: 'test', toolVersion: '0' } });
      if (name !== 'unclaimed') await claimDatabase(client, name);
      await fillTables(client);
      if (name === 'edited') await editLedger(client);
      if (name === 'replaced') await replaceAll(client, name);
    });
  }
  await fetch(`${vault.address}/v1/secret/data/vital/db`, {
    method: 'POST',
    headers: { 'X-Vault-Token': vault.rootToken },
    body: JSON.stringify({ data: { user, pwd: password } }),
  });

  return {
    postgres,
    withClient: onDatabase,

    /** A machine on which all of them are configured; `trusts` says whether it knows the certificate. */
    newHome({ trusts = true } = {}): Home {
      const home = new Home({}, build.bin);
      const ca = join(home.directory, 'ca.pem');
      writeFileSync(ca, postgres.ca ?? '');
      // For what is run as a child.
      if (trusts) home.variables.NODE_EXTRA_CA_CERTS = ca;
      const sections = PROTECTED.map((name) =>
        [
          `  ${name}:`,
          ...(name === 'production' ? [] : ['    protected: true']),
          '    DB_HOSTNAME: localhost',
          `    DB_PORT: ${port}`,
          `    DB_NAME: ${name}`,
          ...(trusts ? [`    DB_CA_FILE: "${ca}"`] : []),
          `    VAULT_ADDRESS: ${vault.address}`,
          '    VAULT_READ_PATH: secret/vital/db',
          `    VAULT_TOKEN: ${vault.rootToken}\n`,
        ].join('\n'),
      );
      mkdirSync(join(home.directory, '.spire'), { mode: 0o700 });
      writeFileSync(
        join(home.directory, '.spire', 'config.yml'),
        `environments:\n${sections.join('')}`,
        { mode: 0o600 },
      );
      return home;
    },

    /** An empty database in which migrations can be replayed. */
    async newShadow() {
      shadows += 1;
      const name = `shadow_${shadows}`;
      const url = await postgres.createDatabase(name);
      return { url, [Symbol.asyncDispose]: () => postgres.dropDatabase(name) };
    },

    /** Everything that databases hold, as one digest. */
    async contentHash(names: readonly string[] = PROTECTED): Promise<string> {
      const contents = await Promise.all(
        names.map((name) =>
          onDatabase(name, async (client) => {
            const found: unknown[] = [];
            for (const query of CONTENT) found.push((await client.query(query)).rows);
            return found;
          }),
        ),
      );
      return createHash('sha256').update(JSON.stringify(contents)).digest('hex');
    },

    async stop(): Promise<void> {
      build.remove();
      await Promise.all([postgres.stop(), vault.stop()]);
    },
  };
}

/** The former tables, with nothing of Spire's beside them. */
async function leaveByAlembic(client: pg.Client, baseline: string): Promise<void> {
  await client.query(baseline);
  await client.query(
    `create table alembic_version (version_num varchar(32) primary key);
     insert into alembic_version values ('9a18fa4a434f')`,
  );
}

async function editLedger(client: pg.Client): Promise<void> {
  await client.query(`update drizzle.__drizzle_migrations ledger set hash = 'edited'
    from spire.migrations ours where ours.hash = ledger.hash and tag = '${EDITED}'`);
  await client.query(`update spire.migrations set hash = 'edited' where tag = '${EDITED}'`);
}

const OTHER = '00000000-0000-4000-8000-000000000002';

/**
 * What stands in a column. The rows of all tables belong together, but for the one that would keep a
 * workflow and a job config from being removed.
 */
function filling(table: string, column: string, type: string): unknown {
  if (table === 'workflow_jobconfigs' && type === 'uuid') return OTHER;
  if (column === 'job_config_name') return 'other';
  if (type === 'uuid') return '00000000-0000-4000-8000-000000000001';
  if (/int|numeric|double/.test(type)) return 31;
  if (type === 'boolean') return false;
  if (type === 'ARRAY') return [];
  if (/^json/.test(type)) return '{}';
  if (/^(date|timestamp)/.test(type)) return '2026-01-01';
  if (column === 'stage') return 'training';
  if (column === 'status') return 'success';
  if (column === 'type' && table === 'job_configs') return 'SpireJarJobConfig';
  return table === 'workflows' && column === 'name' ? 'spire_kept_1' : 'kept';
}

/** Puts one row into every table. */
async function fillTables(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ table: string; names: string[]; types: string[] }>(
    `select table_name as table, array_agg(column_name::text) as names, array_agg(data_type::text) as types
     from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_schema = 'public' and table_type = 'BASE TABLE' group by 1`,
  );
  // Whichever comes first: what one refers to may not be there yet.
  await client.query('set session_replication_role = replica');
  for (const { table, names, types } of rows) {
    const columns = names.map((name) => pg.escapeIdentifier(name)).join(', ');
    const places = names.map((_, index) => `$${index + 1}`).join(', ');
    await client.query(
      `insert into ${pg.escapeIdentifier(table)} (${columns}) values (${places})`,
      names.map((name, index) => filling(table, name, types[index] ?? '')),
    );
  }
}
