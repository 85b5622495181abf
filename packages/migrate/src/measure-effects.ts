import type { MigrationFile } from '@spire/schema';
import type { Client } from './client.ts';
import { replay } from './shadow.ts';

/** What a statement does to a table, seen in the shadow. */
export interface TableEffect {
  /** Without `public.`. */
  readonly table: string;
  /** The strongest lock that it takes, such as `AccessExclusiveLock`. */
  readonly lock: string;
  /** Whether every row is written anew. */
  readonly rewrites: boolean;
}

/** What a statement of a migration does to the tables that were there before. */
export interface StatementEffects {
  readonly statement: string;
  /** Tables by name; undefined where it can't be seen, outside a transaction. */
  readonly tables: readonly TableEffect[] | undefined;
}

/** A migration and what each of its statements does. */
export interface MigrationEffects {
  readonly file: MigrationFile;
  readonly statements: readonly StatementEffects[];
}

/** Weakest first, as Postgres orders them. */
const LOCKS = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

/**
 * Runs pending migrations in a shadow that has the applied ones, and sees which locks each statement takes
 * and which tables it writes anew. That is measured, not guessed from the text.
 *
 * @throws MigrateError `MIGRATION_FAILED`
 */
export async function measureEffects(
  shadow: Client,
  pending: readonly MigrationFile[],
): Promise<MigrationEffects[]> {
  const effects: MigrationEffects[] = [];
  for (const file of pending) {
    effects.push({ file, statements: await measureFile(shadow, file) });
  }
  return effects;
}

async function measureFile(shadow: Client, file: MigrationFile): Promise<StatementEffects[]> {
  if (!file.transactional) {
    await replay(shadow, [file]);
    return file.statements.map((statement) => ({ statement, tables: undefined }));
  }
  const measured: StatementEffects[] = [];
  await shadow.query('begin');
  try {
    const there = await readTables(shadow);
    let before = there;
    for (const statement of file.statements) {
      await replay(shadow, [{ ...file, statements: [statement] }]);
      const after = await readTables(shadow);
      measured.push({ statement, tables: compare(there, before, after) });
      before = after;
    }
    await shadow.query('commit');
  } catch (error) {
    await shadow.query('rollback');
    throw error;
  }
  return measured;
}

interface TableState {
  readonly name: string;
  readonly storage: string;
  /** The strongest lock that this session holds on it by now, as its place in `LOCKS`; -1: none. */
  readonly lock: number;
}

/** Tables by their oid. */
async function readTables(shadow: Client): Promise<Map<string, TableState>> {
  const { rows } = await shadow.query(`
    select pg_class.oid, relfilenode,
      case nspname when 'public' then '' else nspname || '.' end || relname as name,
      array(
        select mode from pg_locks
        where pid = pg_backend_pid() and locktype = 'relation' and relation = pg_class.oid
      ) as modes
    from pg_class
    join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p', 'm') and relpersistence <> 't'
      and nspname !~ '^pg_' and nspname not in ('information_schema', 'spire', 'drizzle')`);
  return new Map(
    rows.map(({ oid, relfilenode, name, modes }) => [
      String(oid),
      {
        name: String(name),
        storage: String(relfilenode),
        lock: Math.max(-1, ...(modes as string[]).map((mode) => LOCKS.indexOf(mode))),
      },
    ]),
  );
}

/** @param there what was there before the file: what it makes itself can't hurt anybody. */
function compare(
  there: ReadonlyMap<string, TableState>,
  before: ReadonlyMap<string, TableState>,
  after: ReadonlyMap<string, TableState>,
): TableEffect[] {
  return [...there].flatMap(([oid, { name }]): TableEffect[] => {
    const [was, is] = [before.get(oid), after.get(oid)];
    if (!was) return [];
    if (!is) return [{ table: name, lock: 'AccessExclusiveLock', rewrites: false }];
    const rewrites = was.storage !== is.storage;
    // Reading hurts nobody.
    if (is.lock <= Math.max(was.lock, 0) && !rewrites) return [];
    return [{ table: name, lock: LOCKS[is.lock] ?? 'AccessExclusiveLock', rewrites }];
  });
}
