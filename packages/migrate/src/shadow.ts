import type { MigrationFile } from '@spire/schema';
import type { Client } from './client.ts';
import { MigrateError } from './errors.ts';

/** Schemas that are Postgres' own. */
const OWN = `nspname !~ '^pg_' and nspname <> 'information_schema'`;

/**
 * Sees to it that a database may serve as a shadow: an empty one, whose content is made and removed at will.
 *
 * @throws MigrateError `SHADOW_NOT_EMPTY`
 */
export async function requireEmpty(shadow: Client): Promise<void> {
  // Whatever is in a schema depends on it.
  const { rows } = await shadow.query(`
    select pg_describe_object(classid, objid, objsubid) as found from pg_depend
    where refclassid = 'pg_namespace'::regclass
      and refobjid in (select oid from pg_namespace where ${OWN})
    union all
    select format('schema %s', nspname) from pg_namespace where ${OWN} and nspname <> 'public'
    limit 1`);
  const [first] = rows;
  if (!first) return;
  throw new MigrateError(
    'SHADOW_NOT_EMPTY',
    `The shadow database has to be empty, and has ${first.found}.`,
    {
      suggestions: [
        'Name a database that was made for this: its content is removed.',
        'Nothing was changed.',
      ],
    },
  );
}

/** Removes all that a shadow has, so that it can be used again. */
export async function clearShadow(shadow: Client): Promise<void> {
  const { rows } = await shadow.query(
    `select format('drop schema %I cascade', nspname) as sql from pg_namespace where ${OWN}`,
  );
  const drops = rows.map(({ sql }) => `${sql};`).join('\n');
  await shadow.query(`${drops}\ncreate schema public;\ngrant usage on schema public to public;`);
}

/**
 * Applies migrations to a shadow, with no ledger: a file a round trip.
 *
 * @throws MigrateError `MIGRATION_FAILED`
 */
export async function replay(shadow: Client, files: readonly MigrationFile[]): Promise<void> {
  // What a crash takes from a shadow is made again.
  await shadow.query('set search_path to public; set synchronous_commit to off');
  for (const file of files) {
    try {
      // Several statements in one message are one transaction. A statement may end with a comment.
      await shadow.query(file.statements.join('\n;\n'));
    } catch (cause) {
      const { message, code } = cause as { message: string; code?: string };
      throw new MigrateError(
        'MIGRATION_FAILED',
        `Migration ${file.tag} failed in the shadow: ${message} (${code ?? 'no SQLSTATE'})`,
        { suggestions: ['Nothing was changed.'], cause },
      );
    }
  }
}
