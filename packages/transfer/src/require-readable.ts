import { TransferError } from './errors.ts';
import type { Session } from './session.ts';
import type { TableStructure } from './structure.ts';

/** @throws TransferError `TABLE_UNREADABLE`, naming each. */
export async function requireReadable(
  session: Session,
  environment: string,
  tables: readonly TableStructure[],
  schema = 'public',
): Promise<void> {
  const { rows } = await session.query(
    `select relname as name, current_user as me
     from pg_class c join pg_namespace n on n.oid = relnamespace
     where nspname = $1 and relname = any ($2)
       and not (has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select'))
     order by relname collate "C"`,
    [schema, tables.map(({ name }) => name)],
  );
  if (rows.length === 0) return;
  const [{ me } = {}] = rows;
  throw new TransferError(
    'TABLE_UNREADABLE',
    `In ${environment} ${me} may not read ${rows.map(({ name }) => name).join(', ')}.`,
    {
      suggestions: [
        `Let who may say there: grant usage on schema ${schema} to ${me}; grant select on all tables in schema ${schema} to ${me}`,
        'Nothing was changed.',
      ],
    },
  );
}
