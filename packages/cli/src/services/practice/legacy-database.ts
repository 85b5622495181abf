import { migrationFiles } from '@spire/schema';
import type pg from 'pg';
import { BAD_ROWS } from './bad-rows.ts';
import { AGEING } from './development-dirt.ts';
import { insertLegacyRows, type LegacySize } from './legacy-rows.ts';
import type { PracticeEnvironment } from './practice-environments.ts';

/** What Alembic's revisions come to, and an earlier one, at which development stopped. */
const REVISION = '9a18fa4a434f';
const EARLIER_REVISION = '5b2e07c41d9a';

/** In production most workflows are enabled, in staging few. */
const SIZES: Readonly<Record<string, LegacySize>> = {
  production: { workflows: 300, days: 90, isEnabled: (i) => i % 10 !== 0 },
  staging: { workflows: 60, days: 90, isEnabled: (i) => i % 10 === 0 },
  development: { workflows: 40, days: 30, isEnabled: (i) => i % 2 === 0 },
};

/**
 * Fills an empty database as Alembic, the former application and its users left it. The same day gives
 * the same rows.
 *
 * @param client its superuser's; afterwards it acts as the owner.
 */
export async function buildLegacyDatabase(
  client: pg.Client,
  { name, owner }: PracticeEnvironment,
): Promise<void> {
  const size = SIZES[name];
  const [baseline] = migrationFiles();
  if (!size || !baseline) throw new Error(`nobody knows what ${name} holds`);
  const isOld = name === 'development';
  await client.query('begin');
  await client.query(`set role ${owner}`);
  for (const statement of baseline.statements) await client.query(statement);
  await client.query(`
    create table alembic_version (
      version_num varchar(32) not null,
      constraint alembic_version_pkc primary key (version_num)
    );
    insert into alembic_version values ('${isOld ? EARLIER_REVISION : REVISION}')`);
  await insertLegacyRows(client, name, size);
  await client.query(isOld ? AGEING : BAD_ROWS);
  await client.query('commit');
}
