import type { MigrationFile } from '@spire/schema';
import type { LedgerRow } from './ledger.ts';

/** Why files and ledger can't be brought together. */
export type MigrationProblem =
  /** The file was changed after it was applied. */
  | { readonly kind: 'edited'; readonly file: MigrationFile; readonly row: LedgerRow }
  /** The file has another time in the journal than when it was applied. */
  | { readonly kind: 'moved'; readonly file: MigrationFile; readonly row: LedgerRow }
  /** The file is older than the newest applied one, and was never applied. */
  | { readonly kind: 'out-of-order'; readonly file: MigrationFile }
  /** Spire's own ledger has it, and drizzle's has lost it. */
  | { readonly kind: 'lost'; readonly file: MigrationFile; readonly row: LedgerRow }
  /** The ledger has it twice. */
  | { readonly kind: 'duplicate'; readonly row: LedgerRow }
  /** A migration was applied of which there is no file. */
  | { readonly kind: 'missing'; readonly row: LedgerRow }
  /** The same, newer than all files: the database is ahead of this version. */
  | { readonly kind: 'future'; readonly row: LedgerRow };

/** What is to be done to bring a database to the newest migration. */
export interface MigrationPlan {
  readonly applied: readonly MigrationFile[];
  readonly pending: readonly MigrationFile[];
  /** Unless this is empty, nothing may be applied. */
  readonly problems: readonly MigrationProblem[];
}

/**
 * Compares files and ledger as sets, by time, name and hash. Nothing is skipped: what doesn't fit is
 * named in `problems`.
 *
 * @example
 * const plan = planMigrations(migrationFiles(), await readLedger(client));
 */
export function planMigrations(
  files: readonly MigrationFile[],
  ledger: readonly LedgerRow[],
): MigrationPlan {
  const duplicates = ledger.filter((row, index) => index > ledger.findIndex(isSame(row)));
  const rows = ledger.filter((row) => !duplicates.includes(row));
  const rowOf = matchRows(files, rows);
  const known = new Set(rowOf.values());
  const newestRow = Math.max(...rows.map((row) => row.createdAt));
  const newestFile = Math.max(...files.map((file) => file.createdAt));
  const problems: MigrationProblem[] = [];
  for (const [file, row] of rowOf) {
    if (row.hash !== file.hash) problems.push({ kind: 'edited', file, row });
    else if (row.createdAt !== file.createdAt) problems.push({ kind: 'moved', file, row });
    else if (row.tag !== undefined && row.id === undefined)
      problems.push({ kind: 'lost', file, row });
  }
  const pending = files.filter((file) => !rowOf.has(file));
  for (const file of pending) {
    if (file.createdAt < newestRow) problems.push({ kind: 'out-of-order', file });
  }
  for (const row of duplicates) problems.push({ kind: 'duplicate', row });
  for (const row of rows.filter((row) => !known.has(row))) {
    problems.push({ kind: row.createdAt > newestFile ? 'future' : 'missing', row });
  }
  return { applied: files.filter((file) => rowOf.has(file)), pending, problems };
}

const isSame =
  ({ hash, createdAt }: LedgerRow) =>
  (other: LedgerRow) =>
    other.hash === hash && other.createdAt === createdAt;

/** Which row of the ledger tells of which file: by its time; what is left, by name or by content. */
function matchRows(
  files: readonly MigrationFile[],
  ledger: readonly LedgerRow[],
): Map<MigrationFile, LedgerRow> {
  const byTime = new Map(ledger.map((row) => [row.createdAt, row]));
  const matched = new Map<MigrationFile, LedgerRow>();
  for (const file of files) {
    const row = byTime.get(file.createdAt);
    if (row) matched.set(file, row);
  }
  const taken = new Set(matched.values());
  for (const file of files.filter((file) => !matched.has(file))) {
    const row = ledger.find(
      (row) => !taken.has(row) && (row.tag === file.tag || row.hash === file.hash),
    );
    if (!row) continue;
    taken.add(row);
    matched.set(file, row);
  }
  return matched;
}

/** A problem in words. */
export function describeProblem(problem: MigrationProblem): string {
  switch (problem.kind) {
    case 'edited':
      return `${problem.file.tag} was changed after it was applied`;
    case 'moved':
      return `${problem.file.tag} has another time in the journal than when it was applied`;
    case 'out-of-order':
      return `${problem.file.tag} is older than the newest applied migration, and was never applied`;
    case 'lost':
      return `${problem.file.tag} was applied, as Spire's own ledger has it, and drizzle's has lost it`;
    case 'duplicate':
      return `${nameOf(problem.row)} stands twice in the ledger`;
    case 'missing':
      return `${nameOf(problem.row)} was applied, and has no file here`;
    case 'future':
      return `${nameOf(problem.row)} was applied by a newer version than this one`;
  }
}

/** The migration that a problem is about: its name, or a short hash where nobody kept the name. */
export function problemTag(problem: MigrationProblem): string {
  return 'file' in problem ? problem.file.tag : (problem.row.tag ?? problem.row.hash.slice(0, 12));
}

function nameOf({ tag, hash, createdAt }: LedgerRow): string {
  if (tag) return tag;
  const time = new Date(createdAt);
  const day = Number.isNaN(time.getTime()) ? 'no time that there is' : time.toISOString();
  return `a migration of ${day} (${hash.slice(0, 12)})`;
}
