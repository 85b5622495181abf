import type { ConfigFile } from './config-file.ts';
import {
  type Candidate,
  describeOrigin,
  type EnvironmentValues,
  LOCAL,
  type Origin,
} from './environment.ts';
import { AccessError } from './errors.ts';
import { Secret } from './secret.ts';
import { VALUE_KEYS, VALUE_NAMES } from './value-names.ts';

/** The values that one source gives. */
export type Source = {
  readonly [Key in keyof EnvironmentValues]?: Candidate<EnvironmentValues[Key]>;
};

/**
 * What the config file says of an environment.
 *
 * @throws AccessError `CONFIG_INVALID`, `VALUES_CONFLICT` (two names of one value disagree).
 */
export function fileSource(config: ConfigFile, environment: string, notices: string[]): Source {
  const source: Record<string, Candidate<unknown>> = {};
  const entries = config.environments.get(environment)?.entries;
  for (const key of VALUE_KEYS) {
    const candidates = VALUE_NAMES[key].names.flatMap((name): Candidate<unknown>[] => {
      const entry = entries?.get(name);
      if (!entry) return [];
      const origin: Origin = { kind: 'file', file: config.path, line: entry.line, name };
      return [{ value: parseValue(key, name, entry.value, origin, environment), origin }];
    });
    const only = agreed(candidates, environment, VALUE_NAMES[key].agrees);
    if (only) source[key] = only;
  }
  const owner = entries?.get('DEPLOYMENT_ENV');
  if (owner && owner.value !== environment) {
    notices.push(
      `${config.path}:${owner.line} says of ${environment} that its DEPLOYMENT_ENV is ${owner.value}: are these values really those of ${environment}?`,
    );
  }
  return source as Source;
}

/**
 * What the process variables say of an environment: nothing when `DEPLOYMENT_ENV` names another one,
 * and without it only what doesn't contradict the config file.
 *
 * @throws AccessError `CONFIG_INVALID`, `VALUES_CONFLICT`.
 */
export function variableSource(
  variables: Readonly<Record<string, string | undefined>>,
  environment: string,
  file: Source,
  notices: string[],
): Source {
  if (environment === LOCAL) return {};
  const given = VALUE_KEYS.flatMap((key) =>
    VALUE_NAMES[key].names.flatMap((name) => {
      const text = variables[name];
      return text ? [{ key, name, text }] : [];
    }),
  );
  const owner = variables.DEPLOYMENT_ENV;
  if (owner && owner !== environment) {
    if (given.length > 0) {
      const names = given.map(({ name }) => name).join(', ');
      notices.push(
        `${names} ignored: they belong to ${owner} (DEPLOYMENT_ENV), not to ${environment}.`,
      );
    }
    return {};
  }
  const source: Record<string, Candidate<unknown>> = {};
  for (const key of VALUE_KEYS) {
    const candidates = given
      .filter((one) => one.key === key)
      .map(({ name, text }): Candidate<unknown> => {
        const origin: Origin = { kind: 'variable', name };
        return { value: parseValue(key, name, text, origin, environment), origin };
      });
    const candidate = agreed(candidates, environment, VALUE_NAMES[key].agrees);
    if (!candidate) continue;
    // Without DEPLOYMENT_ENV nobody said that the variables mean this environment.
    if (!owner) agreed([candidate, ...(file[key] ? [file[key]] : [])], environment);
    source[key] = candidate;
  }
  return source as Source;
}

function parseValue(
  key: keyof EnvironmentValues,
  name: string,
  text: string,
  origin: Origin,
  environment: string,
): unknown {
  try {
    return VALUE_NAMES[key].parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AccessError('CONFIG_INVALID', `${name} of ${environment}: ${reason}.`, {
      environment,
      suggestions: [`Correct it in ${describeOrigin(origin)}.`],
    });
  }
}

/** The one value that equal-ranking candidates agree on. */
function agreed(
  candidates: readonly Candidate<unknown>[],
  environment: string,
  agrees: (preferred: never, other: never) => boolean = equal,
) {
  const [first, ...rest] = candidates;
  const other = rest.find(({ value }) => !agrees(first?.value as never, value as never));
  if (first && other) {
    const [one, two] = [describeOrigin(first.origin), describeOrigin(other.origin)];
    throw new AccessError(
      'VALUES_CONFLICT',
      `Two sources disagree about ${environment}: ${one} and ${two}.`,
      {
        environment,
        suggestions: [
          'Unset one of them, or make them equal.',
          ...(first.origin.kind === other.origin.kind
            ? []
            : [
                `If the variables are meant for ${environment}, say so: DEPLOYMENT_ENV=${environment}`,
              ]),
        ],
      },
    );
  }
  return first;
}

function equal(one: unknown, other: unknown): boolean {
  return plain(one) === plain(other);
}

function plain(value: unknown): unknown {
  return value instanceof Secret ? value.reveal() : value;
}
