import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { PostgresServer } from '@spire/servers';

/** The programs of the newest Postgres here that has pg_dump, which dumps servers of its own version. */
export function dumpingPostgres(): string | undefined {
  const versionOf = (binaries: string) => Number(/\d+/.exec(binaries)?.[0]);
  return globSync('/usr/lib/postgresql/*/bin/pg_dump')
    .map(dirname)
    .filter((binaries) => versionOf(binaries) >= 14 && existsSync(join(binaries, 'postgres')))
    .sort((one, other) => versionOf(other) - versionOf(one))[0];
}

/** Whether pgcopydb is here. */
export function hasPgcopydb(): boolean {
  return spawnSync('pgcopydb', ['--version']).error === undefined;
}

/** Copies a database by a dump in a directory, and removes that. */
export function dumpAndRestore(
  server: PostgresServer,
  binaries: string,
  [source, target]: readonly [string, string],
  jobs: number,
  flags: readonly string[],
): void {
  const folder = mkdtempSync(join(tmpdir(), 'spire-bench-'));
  const run = (program: string, ...args: string[]) =>
    execFileSync(join(binaries, program), [`-j${jobs}`, ...args], {
      env: variablesFor(server, binaries),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  try {
    run('pg_dump', '-Fd', ...flags, '-f', join(folder, 'dump'), source);
    run('pg_restore', '-d', target, join(folder, 'dump'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Copies a database by pgcopydb. */
export function pgcopydb(
  server: PostgresServer,
  binaries: string,
  [source, target]: readonly [string, string],
  jobs: number,
): void {
  const folder = mkdtempSync(join(tmpdir(), 'spire-bench-'));
  try {
    execFileSync(
      'pgcopydb',
      [
        'clone',
        ...['--dir', join(folder, 'work')],
        ...['--table-jobs', String(jobs), '--index-jobs', String(jobs)],
        '--no-owner',
      ],
      {
        env: {
          ...variablesFor(server, binaries),
          PGCOPYDB_SOURCE_PGURI: server.connectionString(source),
          PGCOPYDB_TARGET_PGURI: server.connectionString(target),
        },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What Postgres' programs are told by variables, where no list of processes shows it. */
function variablesFor({ host, port, user, password }: PostgresServer, binaries: string) {
  return {
    HOME: tmpdir(),
    PATH: [binaries, process.env.PATH].join(delimiter),
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password,
  };
}
