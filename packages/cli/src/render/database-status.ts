import type { DatabaseStatus, TableSize } from '@spire/transfer';
import type { SpireDatabaseStatus } from '../services/read-database-status.ts';
import { byteSize } from './byte-size.ts';
import { sessionText, sinceText } from './session.ts';
import { fields, table } from './table.ts';

/** What Spire knows of a database, what it holds, and who uses it. */
export function renderDatabaseStatus({ spire, ...status }: SpireDatabaseStatus): string {
  const { max, used, groups } = status.connections;
  const here = groups.reduce((sum, { count }) => sum + count, 0);
  const head = fields([
    ['database', `${status.database}, ${byteSize(status.bytes)}`],
    ['claimed as', spire ? (spire.claimedAs ?? 'unclaimed') : 'hidden from this role'],
    ['version', spire ? versionText(spire) : 'hidden from this role'],
    ['connections', `${used} of ${max}, ${here} of them here`],
    ['oldest transaction', oldestText(status)],
  ]);
  const tables = table(
    ['table', 'size', 'rows, about'],
    status.tables.map((one) => [
      nameText(one),
      one.bytes === null ? 'locked' : byteSize(one.bytes),
      one.rows,
    ]),
  );
  const connections = table(
    ['connections', 'user', 'application', 'state'],
    groups.map((one) => [one.count, one.user, one.application, one.state ?? 'hidden']),
  );
  return [head, tables, ...(here > 0 ? [connections] : [])].join('\n\n');
}

function versionText({ version, pending, alembic }: NonNullable<SpireDatabaseStatus['spire']>) {
  if (alembic) return `as Alembic left it (${alembic.join(', ') || 'no revision'})`;
  return `${version ?? 'none'}, ${pending.length > 0 ? `${pending.length} pending` : 'nothing pending'}`;
}

function oldestText({ oldestTransaction: oldest, at }: DatabaseStatus): string {
  return oldest ? `${sinceText(oldest.transactionSince, at)}: ${sessionText(oldest)}` : 'none';
}

function nameText({ schema, name }: TableSize): string {
  return schema === 'public' ? name : `${schema}.${name}`;
}
