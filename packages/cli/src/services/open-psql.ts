import { spawn } from 'node:child_process';
import type { AccessMode, DatabaseCredential, ResolvedEnvironment } from '@spire/access';
import { CliError } from '../errors.ts';

/**
 * Runs psql on the terminal until it ends. The password goes by its environment, never by argv.
 *
 * @returns psql's exit code.
 * @throws CliError `PSQL_MISSING`.
 */
export function openPsql(
  environment: ResolvedEnvironment,
  credential: DatabaseCredential,
  access: AccessMode,
  args: readonly string[],
): Promise<number> {
  const { tls, caFile } = environment.values;
  const variables = {
    ...process.env,
    PGHOST: credential.host,
    PGPORT: String(credential.port),
    PGDATABASE: credential.database,
    PGUSER: credential.user,
    PGPASSWORD: credential.password.reveal(),
    PGSSLMODE: tls?.value ?? 'verify-full',
    ...(caFile ? { PGSSLROOTCERT: caFile.value } : {}),
    PGAPPNAME: 'spire db psql',
    PGOPTIONS: access === 'read-only' ? '-c default_transaction_read_only=on' : '',
  };
  return new Promise((resolve, reject) => {
    const child = spawn('psql', args, { stdio: 'inherit', env: variables });
    // Ctrl-C is psql's: it breaks off a query, not the session.
    const ignore = () => {};
    process.removeAllListeners('SIGINT');
    process.on('SIGINT', ignore);
    child.once('error', () =>
      reject(
        new CliError('PSQL_MISSING', "psql isn't installed here.", [
          'Run one statement without it: spire db query "select 1"',
          "Or install PostgreSQL's client tools.",
        ]),
      ),
    );
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 130 : 1)));
  });
}
