import {
  configDirectory,
  configPath,
  describeOrigin,
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
  /** What the reader should know: what it overrides, something stronger, or a contradiction. */
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
 * Sets a key of an environment in the config file, under the names that it has there already.
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
  const there = key.names.filter((one) => entries?.has(one));
  const names = there.length > 0 ? there : [key.name];
  setEntries(file, environment, new Map(names.map((one) => [one, text])));
  return {
    environment,
    key: names.join(', '),
    file,
    notices: noticesOf(variables, environment, key, file),
  };
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
  return removed.length > 0
    ? { environment, key: removed.join(', '), file, notices: [] }
    : undefined;
}

/** How the key in the file stands to the other sources of its value, and what else is to be known. */
function noticesOf(
  variables: Variables,
  environment: string,
  key: ConfigKey,
  file: string,
): readonly string[] {
  try {
    const { values, notices } = resolveEnvironment(loadResolutionInput(variables, environment));
    const resolved = key.value && values[key.value];
    if (!resolved) return notices;
    const { origin, overrode } = resolved;
    if (origin.kind === 'file' && origin.file === file) {
      const weaker = overrode.map((one) => `${one.value} (${describeOrigin(one.origin)})`);
      return [...weaker.map((one) => `It overrides ${one}.`), ...notices];
    }
    const way = origin.kind === 'login' ? `: spire logout -e ${environment}` : '.';
    return [`${describeOrigin(origin)} is stronger${way}`, ...notices];
  } catch (error) {
    return [(error as Error).message];
  }
}
