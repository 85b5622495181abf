import { randomBytes } from 'node:crypto';
import { type Client, clearShadow, requireEmpty } from '@spire/migrate';
import type { PostgresServer } from '@spire/servers';
import pg from 'pg';
import { CliError } from '../errors.ts';
import { localPaths } from './local-paths.ts';
import { loadServers } from './servers-package.ts';

/** A database whose content is made and removed at will, to see there what migrations do. */
export interface ShadowDatabase extends AsyncDisposable {
  readonly client: Client;
}

/**
 * Opens a shadow: the empty database at a URL, which is emptied again afterwards; else one of its own, on
 * the local environment's server if that runs, on a server just for it if not.
 *
 * @param url of an empty database of Postgres 14 or newer.
 * @throws MigrateError `SHADOW_NOT_EMPTY`; CliError `USAGE`, `SHADOW_UNREACHABLE`, `SHADOW_MISSING` where no
 * server can be started.
 */
export async function openShadow(
  url: string | undefined,
  variables: NodeJS.ProcessEnv,
): Promise<ShadowDatabase> {
  if (url === undefined) return openOwn(variables);
  requireShadowUrl(url, url === variables.SPIRE_SHADOW_URL);
  return openGiven(url);
}

function requireShadowUrl(text: string, hidden: boolean): void {
  const url = URL.parse(text);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new CliError('USAGE', 'The shadow: expected postgres://user@host/empty_database.', [
      'Check SPIRE_SHADOW_URL or --shadow-url.',
    ]);
  }
  if (url.password && !hidden) {
    throw new CliError(
      'USAGE',
      '--shadow-url: everybody on this machine can read a password here.',
      ['Give the URL as SPIRE_SHADOW_URL, or its password as PGPASSWORD.'],
    );
  }
}

async function openGiven(url: string): Promise<ShadowDatabase> {
  const client = await connect(url);
  try {
    await requireEmpty(client);
  } catch (error) {
    await client.end();
    throw error;
  }
  return {
    client,
    async [Symbol.asyncDispose]() {
      // One whose session broke has nothing of this any more, or is emptied by who made it.
      await client.query('rollback').catch(() => {});
      await clearShadow(client).catch(() => {});
      await client.end();
    },
  };
}

async function openOwn(variables: NodeJS.ProcessEnv): Promise<ShadowDatabase> {
  const { findPostgres, startPostgres } = await loadServers().catch(missing);
  const running = await findPostgres(localPaths(variables).postgres);
  const server: PostgresServer = running ?? (await startPostgres({ lifetime: 'parent' }));
  const name = `spire_shadow_${randomBytes(6).toString('hex')}`;
  const client = await connect(await server.createDatabase(name));
  return {
    client,
    async [Symbol.asyncDispose]() {
      await client.end();
      if (running) await server.dropDatabase(name);
      else await server.stop();
    },
  };
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, application_name: 'spire shadow' });
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    const { code } = error as { code?: string };
    throw new CliError(
      'SHADOW_UNREACHABLE',
      `The shadow database can't be reached (${code ?? 'no code'}).`,
      ['Check SPIRE_SHADOW_URL or --shadow-url.'],
    );
  }
}

function missing(error: Error): never {
  if ((error as { code?: string }).code !== 'LOCAL_NOT_INSTALLED') throw error;
  throw new CliError(
    'SHADOW_MISSING',
    'This needs a shadow: an empty database in which migrations are replayed. No Postgres is installed here to start one.',
    ['Name one: SPIRE_SHADOW_URL=postgres://user@host/empty_database'],
  );
}
