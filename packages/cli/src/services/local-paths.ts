import { join } from 'node:path';
import { configDirectory, localConfigPath } from '@spire/access';

/** Where the local environment keeps everything. */
export function localPaths(variables: NodeJS.ProcessEnv) {
  const directory = configDirectory(variables);
  const root = join(directory, 'local');
  return {
    root,
    postgres: join(root, 'postgres'),
    vault: join(root, 'vault'),
    config: localConfigPath(directory),
  };
}

/** The paths of the local environment. */
export type LocalPaths = ReturnType<typeof localPaths>;
