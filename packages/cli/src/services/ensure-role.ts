import pg from 'pg';

/**
 * Makes a user of a Postgres of this machine unless it is there, and gives it its password.
 *
 * @param client its superuser's.
 */
export async function ensureRole(client: pg.Client, name: string, password: string): Promise<void> {
  const role = pg.escapeIdentifier(name);
  const { rows } = await client.query('select 1 from pg_roles where rolname = $1', [name]);
  if (rows.length === 0) await client.query(`create role ${role} login`);
  // Where a schema bears its name, its tables would go there otherwise.
  await client.query(`alter role ${role} set search_path to public`);
  await client.query(`alter role ${role} password ${pg.escapeLiteral(password)}`);
}
