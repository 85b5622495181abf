import { existsSync } from 'node:fs';
import pg from 'pg';
import { CliError } from '../../errors.ts';
import { ensureRole } from '../ensure-role.ts';
import { findServers } from '../server-pair.ts';
import { newPassword, vaultOwner, writeCredential } from '../vault-owner.ts';
import { type PracticeEnvironment, usersOf } from './practice-environments.ts';
import { alone } from './practice-organisation.ts';
import type { PracticePaths } from './practice-paths.ts';

/** What became of an environment's passwords. */
export interface Rotation {
  readonly environment: string;
  /** Whose passwords are new. */
  readonly users: readonly string[];
  /** Whether Vault has the new ones. */
  readonly inVault: boolean;
  /** How many sessions were ended. */
  readonly sessionsEnded: number;
}

/**
 * Gives an environment's users new passwords, as DevOps does when one has leaked: in Postgres, then in
 * Vault; then their sessions are ended, so that nobody stays in with the old one.
 *
 * @param options.inVault whether Vault gets them. Without, Vault has passwords that Postgres refuses, until
 * `startPractice` gives Postgres Vault's again.
 * @throws CliError `PRACTICE_NOT_RUNNING`.
 */
export async function rotatePasswords(
  paths: PracticePaths,
  environment: PracticeEnvironment,
  { inVault }: { readonly inVault: boolean },
): Promise<Rotation> {
  if (!existsSync(paths.root)) throw notRunning();
  return alone(paths, async () => {
    const { postgres, vault } = await findServers(paths);
    if (!postgres || !vault) throw notRunning();
    const client = new pg.Client({ connectionString: postgres.connectionString() });
    await client.connect();
    try {
      const owner = vaultOwner(vault);
      const credentials = usersOf(environment);
      for (const { path, user } of credentials) {
        const password = newPassword();
        await ensureRole(client, user, password);
        if (!inVault) continue;
        await writeCredential(owner, path, { user, password, database: environment.database });
      }
      const users = credentials.map(({ user }) => user);
      const ended = await client.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where usename = any($1)',
        [users],
      );
      return { environment: environment.name, users, inVault, sessionsEnded: ended.rows.length };
    } finally {
      await client.end();
    }
  });
}

function notRunning(): CliError {
  return new CliError('PRACTICE_NOT_RUNNING', "The practice organisation isn't running.", [
    'Start it: spire practice up',
  ]);
}
