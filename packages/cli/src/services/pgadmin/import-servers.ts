import { type ExecFileException, execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { comparePgAdminServers, type PgAdminServers } from '@spire/access';
import { CliError } from '../../errors.ts';
import type { PgAdmin } from './find-pgadmin.ts';

/** How an import went. */
export interface PgAdminImport {
  /** The names of the servers that were added. */
  readonly added: readonly string[];
  /** Those that pgAdmin had already. */
  readonly kept: readonly string[];
  /** Those of the same name that lead elsewhere there. */
  readonly different: readonly string[];
}

/**
 * Runs pgAdmin's `setup.py` as its window does, in desktop mode: in server mode it would look for another
 * database, and leave out the commands that get passwords.
 */
const RUN = [
  'import builtins, runpy, sys',
  'builtins.SERVER_MODE = False',
  'runpy.run_path(sys.argv.pop(1), init_globals={"SERVER_MODE": False}, run_name="__main__")',
].join('; ');
const MILLIS = 180_000;

/**
 * Adds the servers that pgAdmin lacks. What it has stays as it is: it can add servers, or remove all of
 * them first (`--replace`), the reader's own too.
 *
 * @throws CliError `PGADMIN_FAILED`.
 */
export async function importServers(
  pgAdmin: PgAdmin,
  servers: PgAdminServers,
): Promise<PgAdminImport> {
  const directory = mkdtempSync(join(tmpdir(), 'spire-pgadmin-'));
  try {
    const there = await readServers(pgAdmin, join(directory, 'before.json'));
    const { missing, same, different } = comparePgAdminServers(servers, there);
    const added = Object.values(missing.Servers).map(({ Name }) => Name);
    if (added.length > 0) {
      const file = join(directory, 'missing.json');
      writeFileSync(file, JSON.stringify(missing), { mode: 0o600 });
      const said = await setup(pgAdmin, 'load-servers', file);
      // It may fail and say that all went well.
      const count = /Added \d+ Server Group\(s\) and (\d+) Server\(s\)/.exec(said)?.[1];
      if (Number(count) !== added.length) throw failed(said);
    }
    return { added, kept: same, different };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What pgAdmin has. One that was never started makes its database now, as it would at its first start. */
async function readServers(pgAdmin: PgAdmin, file: string): Promise<PgAdminServers> {
  let said = await setup(pgAdmin, 'dump-servers', file);
  if (!existsSync(file)) {
    await setup(pgAdmin, 'setup-db');
    said = await setup(pgAdmin, 'dump-servers', file);
  }
  if (!existsSync(file)) throw failed(said);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** @returns what it said. */
async function setup({ python, setup }: PgAdmin, command: string, file?: string): Promise<string> {
  // pgAdmin takes a file's name for a part of a URL.
  const files = file === undefined ? [] : [file.replaceAll('%', '%25')];
  const options = { cwd: dirname(setup), timeout: MILLIS, windowsHide: true };
  const args = ['-c', RUN, setup, command, ...files];
  try {
    const { stdout, stderr } = await promisify(execFile)(python, args, options);
    return `${stdout}\n${stderr}`;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as ExecFileException;
    throw failed(`${stdout}\n${stderr}`.trim() || message);
  }
}

/** Its last line says what went wrong. */
function failed(said: string): CliError {
  const reason = said.trim().split('\n').at(-1);
  return new CliError('PGADMIN_FAILED', `pgAdmin couldn't import the servers: ${reason}`, [
    'Import the file by hand; see how: spire gui pgadmin',
  ]);
}
