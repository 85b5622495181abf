import { type EnvironmentValues, VALUE_KEYS, VALUE_NAMES, valueKeyOf } from '@spire/access';
import { closest } from '../closest.ts';
import { CliError } from '../errors.ts';

/** Read by `login --from` and `doctor --against`; not values of an environment itself. */
const RUNTIME_KEYS = ['DATABRICKS_HOST', 'DATABRICKS_TOKEN', 'ASTRO_API_TOKEN'];

/** A key that a section of the config file may have. */
export interface ConfigKey {
  readonly name: string;
  /** The value of an environment that it gives; undefined where it gives none. */
  readonly value: keyof EnvironmentValues | undefined;
  /** All names of the same value, the preferred one first. */
  readonly names: readonly string[];
  readonly secret: boolean;
  /** Throws a sentence that says what was expected. */
  readonly check: (text: string) => void;
}

/**
 * The key of a name such as `DB_HOSTNAME`.
 *
 * @throws CliError `USAGE` when there is none.
 */
export function configKey(name: string): ConfigKey {
  const value = valueKeyOf(name);
  const known = [...VALUE_KEYS.flatMap((key) => VALUE_NAMES[key].names), ...RUNTIME_KEYS];
  if (!value && !RUNTIME_KEYS.includes(name)) throw unknown(name, known);
  return {
    name,
    value,
    names: value ? VALUE_NAMES[value].names : [name],
    secret: /(TOKEN|PASSWORD)$/.test(name),
    check: (text) => check(value, text),
  };
}

function check(value: keyof EnvironmentValues | undefined, text: string): void {
  // In the config file, as in variables, an empty text stands for none.
  if (text === '') throw new Error('expected a value; spire env unset removes one');
  if (value) VALUE_NAMES[value].parse(text);
  if (value === 'tls' && text === 'disable') throw new Error('only local may be unencrypted');
}

function unknown(name: string, known: readonly string[]): CliError {
  if (name === 'protected' || name === 'contacts') {
    return new CliError('USAGE', `${name} is written by hand, into the environment's section.`, [
      name === 'protected' ? 'protected: true' : 'contacts: [ann@example.com]',
    ]);
  }
  const meant = closest(name.toUpperCase(), known);
  return new CliError('USAGE', `There is no key ${JSON.stringify(name)}.`, [
    ...(meant ? [`Did you mean ${meant}?`] : []),
    `Known are: ${known.join(', ')}`,
  ]);
}
