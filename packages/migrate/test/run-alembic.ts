import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { PostgresAccess } from '@spire/servers';

const PYTHON = '/usr/bin/python3';

/** Why the real Alembic can't be run; undefined where it can. */
export function whyNoAlembic(): string | undefined {
  const probe = 'import alembic, psycopg2';
  if (spawnSync(PYTHON, ['-c', probe]).status === 0) return undefined;
  return `"${PYTHON} -c '${probe}'" fails (Debian: python3-alembic, python3-psycopg2)`;
}

/**
 * Runs Alembic, with the revisions beside this file, on a database.
 *
 * @returns what it printed.
 * @throws Error of the process, with what it printed in `stderr`.
 * @example
 * await runAlembic(server, 'legacy', 'upgrade', '9a18fa4a434f');
 */
export async function runAlembic(
  server: PostgresAccess,
  database: string,
  ...args: string[]
): Promise<string> {
  const { stdout } = await promisify(execFile)(PYTHON, ['-m', 'alembic.config', ...args], {
    cwd: fileURLToPath(new URL('alembic', import.meta.url)),
    env: {
      PGHOST: server.host,
      PGPORT: String(server.port),
      PGUSER: server.user,
      PGPASSWORD: server.password,
      PGDATABASE: database,
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  return stdout;
}
