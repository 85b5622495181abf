import {
  configDirectory,
  configPath,
  LOCAL,
  loadConfigFile,
  loadResolutionInput,
  type ResolutionInput,
  removeEntry,
  resolveEnvironment,
  selectEnvironment,
  setEntries,
} from '@spire/access';
import { CliError } from '../errors.ts';
import type { ConfigKey } from './config-keys.ts';

/** Where a key was written or removed. */
export interface EditResult {
  readonly environment: string;
  /** The name under which it stands in the file. */
  readonly key: string;
  readonly file: string;
  /** What the reader should know: something stronger, or a contradiction. */
  readonly notices: readonly string[];
}

type Variables = ResolutionInput['variables'];

/**
 * The environment whose section is edited. It need not be free of contradictions: this is how they are
 * mended.
 *
 * @throws AccessError those of `selectEnvironment`; CliError `USAGE` for `local`.
 */
export function editedEnvironment(variables: Variables, environment: string | undefined): string {
  const { name } = selectEnvironment(loadResolutionInput(variables, environment));
  if (name !== LOCAL) return name;
  throw new CliError(
    'USAGE',
    "local's values are written by spire local up: changes would be lost.",
    ['Name another environment: --environment development'],
  );
}

/**
 * Sets a key of an environment in the config file, under the name that it has there already.
 *
 * @throws CliError `USAGE` when it can't be such a value; AccessError `CONFIG_*`.
 */
export function setKey(
  variables: Variables,
  environment: string,
  key: ConfigKey,
  text: string,
): EditResult {
  try {
    key.check(text);
  } catch (error) {
    throw new CliError('USAGE', `${key.name}: ${(error as Error).message}.`);
  }
  const file = configPath(configDirectory(variables));
  const entries = loadConfigFile(file).environments.get(environment)?.entries;
  const name = key.names.find((one) => entries?.has(one)) ?? key.name;
  setEntries(file, environment, new Map([[name, text]]));
  return { environment, key: name, file, notices: noticesOf(variables, environment, key) };
}

/**
 * Removes a key, by whichever of its names it stands there.
 *
 * @returns undefined when it isn't there.
 */
export function unsetKey(
  variables: Variables,
  environment: string,
  key: ConfigKey,
): EditResult | undefined {
  const file = configPath(configDirectory(variables));
  const removed = key.names.filter((name) => removeEntry(file, environment, name));
  const [name] = removed;
  return name === undefined ? undefined : { environment, key: name, file, notices: [] };
}

/** What is stronger than the file, or contradicts it. */
function noticesOf(variables: Variables, environment: string, key: ConfigKey): string[] {
  try {
    const { values } = resolveEnvironment(loadResolutionInput(variables, environment));
    return Object.values(values).flatMap((resolved) => {
      const { origin } = resolved;
      if (origin.kind === 'variable' && key.names.includes(origin.name))
        return [`The variable ${origin.name} of this process is stronger.`];
      const isToken = key.names.includes('VAULT_TOKEN');
      return isToken && origin.kind === 'login'
        ? [`The login in ${origin.file} is stronger: spire logout -e ${environment}`]
        : [];
    });
  } catch (error) {
    return [(error as Error).message];
  }
}
