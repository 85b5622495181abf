import { CliError } from '../errors.ts';

/** What `@spire/servers` offers: an optional dependency, loaded where servers are started. */
export type Servers = typeof import('@spire/servers');

/** @throws CliError `LOCAL_NOT_INSTALLED` on a machine that was set up without it. */
export async function loadServers(): Promise<Servers> {
  try {
    return await import('@spire/servers');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new CliError('LOCAL_NOT_INSTALLED', "The local environment isn't installed here.", [
      'Install with optional dependencies, which bring a Postgres along.',
    ]);
  }
}
