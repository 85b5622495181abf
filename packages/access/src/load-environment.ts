import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configDirectory, configPath, loadConfigFile } from './config-file.ts';
import type { ResolvedEnvironment } from './environment.ts';
import { resolveEnvironment } from './resolve-environment.ts';
import type { ResolutionInput } from './select-environment.ts';

/** The file in which `spire local up` describes the local environment; shaped as the config file. */
export function localConfigPath(directory: string): string {
  return configPath(join(directory, 'local'));
}

/**
 * Reads the files that say something about environments, for one resolution or several.
 *
 * @param variables usually `process.env`; `SPIRE_CONFIG_DIR` among them moves the directory.
 * @throws AccessError `CONFIG_INVALID`, `CONFIG_INSECURE`.
 */
export function loadResolutionInput(
  variables: ResolutionInput['variables'],
  environment?: string,
): ResolutionInput {
  const directory = configDirectory(variables);
  const local = localConfigPath(directory);
  return {
    environment,
    variables,
    config: loadConfigFile(configPath(directory)),
    local: existsSync(local) ? loadConfigFile(local) : undefined,
  };
}

/**
 * Reads the config files and resolves one environment.
 *
 * @throws AccessError as `resolveEnvironment` does.
 * @example
 * const environment = loadEnvironment(process.env, 'staging');
 */
export function loadEnvironment(
  variables: ResolutionInput['variables'],
  environment?: string,
): ResolvedEnvironment {
  return resolveEnvironment(loadResolutionInput(variables, environment));
}
