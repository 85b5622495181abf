import { existsSync, rmSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { ensureRole } from '../ensure-role.ts';
import {
  type ServerPair,
  type ServerPairState,
  type ServerPorts,
  startServers,
  stateOf,
  stopServers,
} from '../server-pair.ts';
import { loadServers } from '../servers-package.ts';
import { type StepWatcher, stepRunner } from '../steps.ts';
import { ensureCredential, ensureToken, vaultOwner } from '../vault-owner.ts';
import { ensureDatabase } from './ensure-database.ts';
import { describePractice, readDescription } from './practice-config.ts';
import { PRACTICE_ENVIRONMENTS, usersOf } from './practice-environments.ts';
import type { PracticePaths } from './practice-paths.ts';

/** The practice organisation: its servers, its environments, and where its config file is. */
export interface PracticeState extends ServerPairState {
  /** What `SPIRE_CONFIG_DIR` has to be. */
  readonly configDirectory: string;
  readonly environments: readonly {
    readonly name: string;
    readonly database: string;
    /** The database user of whoever reads. */
    readonly readsAs: string;
    /** The database user of whoever writes; owns the tables. */
    readonly writesAs: string;
  }[];
}

/** A person's token: reads every credential, and can be shared. */
const TOKEN = {
  policy: 'spire-practice',
  rules: `path "secret/data/data-innovation/spire/*" { capabilities = ["read"] }
path "auth/token/create" { capabilities = ["update"] }`,
};

/**
 * Starts what isn't running, and makes what isn't there: users, their credentials in Vault, databases
 * as Alembic left them, the config file. Doing it again changes nothing.
 *
 * @param watcher is told how it goes.
 * @throws ServersError `DATA_DIRECTORY_INCOMPATIBLE`, `DATA_DIRECTORY_UNWRITABLE`, ...; AccessError
 * `CONFIG_INVALID` when somebody broke the config file.
 */
export function startPractice(paths: PracticePaths, watcher: StepWatcher): Promise<PracticeState> {
  return alone(paths, () => start(paths, watcher));
}

/**
 * Ends both servers, or one of them; what they hold stays.
 *
 * @param only the one that is ended. Default: both.
 */
export async function stopPractice(
  paths: PracticePaths,
  only?: keyof ServerPair,
): Promise<PracticeState> {
  const stop = async () => practiceState(paths, await stopServers(paths, only));
  return existsSync(paths.root) ? alone(paths, stop) : stop();
}

/** Removes everything and makes it anew, on the same ports where they are free. */
export function resetPractice(paths: PracticePaths, watcher: StepWatcher): Promise<PracticeState> {
  return alone(paths, async () => {
    const before = portsBefore(paths);
    await stopServers(paths);
    for (const path of [paths.configFile, paths.logins, paths.vault, paths.postgres]) {
      rmSync(path, { recursive: true, force: true });
    }
    return start(paths, watcher, before);
  });
}

/** A config file that somebody broke is no reason not to begin anew. */
function portsBefore(paths: PracticePaths): ServerPorts {
  try {
    return readDescription(paths).ports;
  } catch {
    return {};
  }
}

/** One at a time: two calls at once would make two passwords, or remove what the other one starts. */
export async function alone<T>(paths: PracticePaths, run: () => Promise<T>): Promise<T> {
  const { withStartLock } = await loadServers();
  return withStartLock(paths.root, run);
}

async function start(
  paths: PracticePaths,
  watcher: StepWatcher,
  before: ServerPorts = readDescription(paths).ports,
): Promise<PracticeState> {
  writeFileSync(paths.marker, '', { mode: 0o600 });
  const { step } = stepRunner(watcher);
  const servers = await step(
    'Starting Postgres and Vault on this machine',
    () => startServers(paths, { before, tls: true }),
    ({ postgres, vault }) =>
      `Postgres on port ${postgres.port} and Vault on port ${vault.port} are running`,
  );
  await step(
    'Making users and their credentials',
    () => ensureUsers(servers),
    () => 'Every user has its credential in Vault',
  );
  await step(
    'Building the databases',
    () => ensureDatabases(servers),
    (built) =>
      built.length > 0 ? `Built ${built.join(', ')}` : 'Kept the databases that are there',
  );
  const token = await ensureToken(vaultOwner(servers.vault), readDescription(paths).token, TOKEN);
  describePractice(paths, servers, token);
  return practiceState(paths, stateOf(paths, servers));
}

async function ensureUsers({ postgres, vault }: ServerPair): Promise<void> {
  const owner = vaultOwner(vault);
  const client = new pg.Client({ connectionString: postgres.connectionString() });
  await client.connect();
  try {
    for (const environment of PRACTICE_ENVIRONMENTS) {
      const { database, reader } = environment;
      for (const { path, user } of usersOf(environment)) {
        await ensureRole(client, user, await ensureCredential(owner, path, { user, database }));
      }
      if (!reader) continue;
      // Of what the owner makes later, too.
      await client.query(`grant pg_read_all_data to ${reader}`);
    }
  } finally {
    await client.end();
  }
}

/** @returns the names of the environments whose database wasn't there. */
async function ensureDatabases({ postgres }: ServerPair): Promise<readonly string[]> {
  const built = await Promise.all(
    PRACTICE_ENVIRONMENTS.map(async (environment) =>
      (await ensureDatabase(postgres, environment)) ? [environment.name] : [],
    ),
  );
  return built.flat();
}

function practiceState(paths: PracticePaths, servers: ServerPairState): PracticeState {
  return {
    ...servers,
    configDirectory: paths.config,
    environments: PRACTICE_ENVIRONMENTS.map(({ name, database, owner, reader }) => ({
      name,
      database,
      readsAs: reader ?? owner,
      writesAs: owner,
    })),
  };
}
