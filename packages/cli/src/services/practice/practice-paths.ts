import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { configDirectory, configPath } from '@spire/access';

/** Where the practice organisation keeps everything; the same when it is called from within. */
export function practicePaths(variables: NodeJS.ProcessEnv) {
  const directory = resolve(configDirectory(variables));
  const root = isConfigOfPractice(directory) ? dirname(directory) : join(directory, 'practice');
  const config = join(root, 'config');
  return {
    root,
    /** Says that this is a practice organisation, all of which may be removed. */
    marker: markerIn(root),
    postgres: join(root, 'postgres'),
    vault: join(root, 'vault'),
    /** A `SPIRE_CONFIG_DIR` of its own. */
    config,
    configFile: configPath(config),
    logins: join(config, 'logins'),
    /** The certificate of the authority that the server's is from. */
    ca: join(root, 'postgres', 'ca.pem'),
  };
}

/** The paths of the practice organisation. */
export type PracticePaths = ReturnType<typeof practicePaths>;

/** Whether these variables choose the config directory of a practice organisation. */
export function isInPractice(variables: NodeJS.ProcessEnv): boolean {
  return isConfigOfPractice(resolve(configDirectory(variables)));
}

/** By its name alone it could be anybody's. */
function isConfigOfPractice(directory: string): boolean {
  return basename(directory) === 'config' && existsSync(markerIn(dirname(directory)));
}

function markerIn(root: string): string {
  return join(root, '.spire-practice');
}
