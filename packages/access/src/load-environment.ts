import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { configDirectory, configPath, loadConfigFile } from './config-file.ts';
import type { ResolvedEnvironment } from './environment.ts';
import { AccessError } from './errors.ts';
import { loadLogins } from './login-store.ts';
import { readPrivateFile } from './private-file.ts';
import { resolveEnvironment } from './resolve-environment.ts';
import type { ResolutionInput } from './select-environment.ts';
import { parseToken } from './value-names.ts';

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
    logins: loadLogins(directory),
    vaultTokenFile: readVaultTokenFile(variables),
  };
}

/** The token that `vault login` of Vault's own command line keeps. */
function readVaultTokenFile(variables: ResolutionInput['variables']) {
  const file = join(variables.HOME || homedir(), '.vault-token');
  const found = readPrivateFile(file);
  if (!found?.text.trim()) return undefined;
  const origin = { kind: 'file', file, line: 1, name: 'token' } as const;
  try {
    return { value: parseToken(found.text), origin };
  } catch (error) {
    throw new AccessError('CONFIG_INVALID', `${file}: ${(error as Error).message}.`);
  }
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
