import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LintFinding, lintMigration, undeclaredChanges } from '@spire/migrate';
import {
  type Folder,
  journalProblems,
  type MigrationFile,
  migrationFiles,
  readFolder,
} from '@spire/schema';
import { CliError } from '../errors.ts';

/** What the next migration is to be. */
export interface NewMigration {
  /** Lower-case letters, digits and `_`. */
  readonly name: string;
  /** For SQL written by hand: drizzle-kit makes an empty file. */
  readonly empty: boolean;
  /** Whether drizzle-kit may ask, such as whether a column was renamed. */
  readonly interactive: boolean;
}

/** A migration that was made, and what its author still has to do about it. */
export interface MadeMigration {
  readonly file: MigrationFile;
  readonly path: string;
  readonly findings: readonly LintFinding[];
}

/**
 * Lets drizzle-kit write the next migration from the Drizzle tables, and trusts neither its exit code nor
 * its silence: what it wrote is checked, and removed when it doesn't fit.
 *
 * @param root of the schema's package, in a checkout.
 * @returns undefined when the tables are what the newest snapshot says, so that there is nothing to write.
 * @throws CliError `MIGRATION_NOT_GENERATED`, `CHECKOUT_REQUIRED`, `USAGE`.
 */
export async function makeMigration(
  root: string,
  wanted: NewMigration,
): Promise<MadeMigration | undefined> {
  requireName(wanted.name);
  const kit = join(root, 'node_modules', '.bin', 'drizzle-kit');
  const folder = join(root, 'migrations');
  if (!existsSync(kit) || !existsSync(join(root, 'drizzle.config.ts'))) throw noCheckout();
  const before = readFolder(folder);
  requireOrder(before, 'Two branches may both have added one: make the later one anew.');
  if (!wanted.empty && (await undeclaredChanges())?.length === 0) return undefined;
  const said = await runKit(kit, root, wanted);
  const after = readFolder(folder);
  try {
    requireOne(before, after, said);
    requireOrder(after, 'Nothing was kept.');
  } catch (error) {
    restore(folder, before, after);
    throw error;
  }
  const [file] = migrationFiles(new URL(`file://${folder}/`)).slice(-1) as [MigrationFile];
  return { file, path: join(folder, `${file.tag}.sql`), findings: await lintMigration(file) };
}

/** The schema's package in this checkout. */
export function schemaRoot(): string {
  try {
    return fileURLToPath(new URL('..', import.meta.resolve('@spire/schema')));
  } catch {
    throw noCheckout();
  }
}

function requireName(name: string): void {
  if (/^[a-z][a-z0-9_]{0,60}$/.test(name)) return;
  throw new CliError('USAGE', `"${name}" can't be a migration's name.`, [
    'Use lower-case letters, digits and _, such as add_run_owner.',
  ]);
}

function requireOrder(folder: Folder, next: string): void {
  const problems = journalProblems(folder, Date.now());
  if (problems.length === 0) return;
  throw notGenerated(`the migrations are out of order:\n  ${problems.join('\n  ')}`, next);
}

function requireOne(before: Folder, after: Folder, said: string): void {
  const made = [...after.keys()].filter((file) => !before.has(file) && file.endsWith('.sql'));
  if (made.length === 1) return;
  throw notGenerated(
    `drizzle-kit wrote ${made.length === 0 ? 'nothing' : made.join(', ')}${said ? ` and said:\n${said}` : ''}`,
    'It may have had a question, such as whether something was renamed: run this on a terminal.',
  );
}

/** @returns the last of what it said, when nobody saw it. */
function runKit(kit: string, root: string, wanted: NewMigration): Promise<string> {
  const { interactive } = wanted;
  const args = ['generate', '--name', wanted.name, ...(wanted.empty ? ['--custom'] : [])];
  return new Promise((resolve, reject) => {
    const child = spawn(kit, args, {
      cwd: root,
      stdio: interactive ? ['inherit', process.stderr.fd, 'inherit'] : ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said = `${said}${text}`.slice(-2000);
      });
    }
    child.once('error', reject);
    child.once('close', () => resolve(said.trim()));
  });
}

function restore(folder: string, before: Folder, after: Folder): void {
  for (const [file, content] of after) {
    const was = before.get(file);
    if (was === undefined) rmSync(join(folder, file));
    else if (was !== content) writeFileSync(join(folder, file), was);
  }
}

function notGenerated(why: string, next: string): CliError {
  return new CliError('MIGRATION_NOT_GENERATED', `No migration was made: ${why}.`, [next]);
}

function noCheckout(): CliError {
  return new CliError('CHECKOUT_REQUIRED', "Migrations are made in a checkout; this isn't one.", [
    'Clone the repository, then: pnpm spire migrate new <name>',
  ]);
}
