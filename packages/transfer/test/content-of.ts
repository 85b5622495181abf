import { createHash } from 'node:crypto';
import { readCatalogue } from '@spire/migrate';
import type pg from 'pg';

/** Everything that a database holds but for notes of transfers: its objects, and a hash of each table's rows. */
export async function contentOf(client: pg.Client): Promise<Record<string, string>> {
  const { rows: tables } = await client.query<{ name: string; ref: string }>(`
    select format('%s.%s', nspname, relname) as name, format('%I.%I', nspname, relname) as ref
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where relkind = 'r' and nspname !~ '^(pg_|information_schema|spire_)'
      and (nspname, relname) <> ('spire', 'transfers')
    order by 1`);
  const content: Record<string, string> = {};
  for (const { name, ref } of tables) {
    const { rows } = await client.query(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, e'\\n' order by t::text collate "C")), '') as hash
       from ${ref} t`,
    );
    content[name] = rows[0].hash;
  }
  const { rows: sequences } = await client.query(
    `select format('sequence %I.%I', schemaname, sequencename) as name, last_value
     from pg_sequences where schemaname !~ '^spire_' and sequencename !~ 'transfers' order by 1`,
  );
  for (const { name, last_value } of sequences) content[name] = String(last_value);
  const objects = [...(await readCatalogue(client)).objects.values()];
  content.catalogue = createHash('sha256').update(JSON.stringify(objects)).digest('hex');
  return content;
}
