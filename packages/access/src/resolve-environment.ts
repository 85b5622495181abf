import type { ConfigFile } from './config-file.ts';
import {
  defaultValues,
  describeOrigin,
  type EnvironmentValues,
  LOCAL,
  type Origin,
  type Resolved,
  type ResolvedEnvironment,
} from './environment.ts';
import { AccessError } from './errors.ts';
import { Secret } from './secret.ts';
import { type ResolutionInput, selectEnvironment } from './select-environment.ts';
import { VALUE_KEYS, VALUE_NAMES } from './value-names.ts';

type Candidate<T> = { readonly value: T; readonly origin: Origin };
type Source = { readonly [Key in keyof EnvironmentValues]?: Candidate<EnvironmentValues[Key]> };

/**
 * Decides every value of the selected environment from what it is given, without network:
 * process variables, then the config file, then defaults. Each value keeps its origin and what it
 * overrode.
 *
 * Process variables belong to the environment that `DEPLOYMENT_ENV` names: for another one they are
 * ignored, with a notice. Without `DEPLOYMENT_ENV` they only fill gaps. `local` reads none of them.
 *
 * @throws AccessError `VALUES_CONFLICT` (two sources disagree and none is stronger),
 * `CONFIG_INVALID` (a value that can't be one), and those of `selectEnvironment`.
 * @example
 * const staging = resolveEnvironment({environment: 'staging', variables: process.env, config, local});
 * staging.values.host?.origin;   // {kind: 'file', file: '.../config.yml', line: 12, name: 'DB_HOSTNAME'}
 */
export function resolveEnvironment(input: ResolutionInput): ResolvedEnvironment {
  const selection = selectEnvironment(input);
  const { name } = selection;
  const config = name === LOCAL ? input.local : input.config;
  const notices: string[] = [];
  const file = config ? fileSource(config, name) : {};
  const variables = variableSource(input.variables, name, file, notices);
  const defaults = Object.fromEntries(
    Object.entries(defaultValues(name)).map(([key, value]) => [
      key,
      { value, origin: { kind: 'default' } },
    ]),
  ) as Source;
  const values = withOwnTokenOnly(combine([variables, file, defaults]), [variables, file], notices);
  requireEncryption(name, values);
  const declared = config?.environments.get(name);
  return {
    name,
    selectedBy: selection.by,
    protected: name === 'production' || (declared?.protected ?? false),
    contacts: declared?.contacts ?? [],
    values,
    notices,
  };
}

function combine(sources: readonly Source[]): ResolvedEnvironment['values'] {
  const values: Record<string, Resolved<unknown>> = {};
  for (const key of VALUE_KEYS) {
    const [first, ...rest] = sources.flatMap((source): Candidate<unknown>[] => {
      const candidate = source[key];
      return candidate ? [candidate] : [];
    });
    if (first) values[key] = { ...first, overrode: rest };
  }
  return values as ResolvedEnvironment['values'];
}

function fileSource(config: ConfigFile, environment: string): Source {
  const source: Record<string, Candidate<unknown>> = {};
  const entries = config.environments.get(environment)?.entries;
  for (const key of VALUE_KEYS) {
    const found = VALUE_NAMES[key].names.flatMap((name) => {
      const entry = entries?.get(name);
      return entry ? [{ name, entry }] : [];
    });
    const candidates = found.map(({ name, entry }): Candidate<unknown> => {
      const origin: Origin = { kind: 'file', file: config.path, line: entry.line, name };
      return { value: parseValue(key, name, entry.value, origin, environment), origin };
    });
    const only = agreed(candidates, environment);
    if (only) source[key] = only;
  }
  return source as Source;
}

function variableSource(
  variables: ResolutionInput['variables'],
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
    const candidate = agreed(candidates, environment);
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
function agreed(candidates: readonly Candidate<unknown>[], environment: string) {
  const [first, ...rest] = candidates;
  const other = rest.find((candidate) => plain(candidate.value) !== plain(first?.value));
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

function plain(value: unknown): unknown {
  return value instanceof Secret ? value.reveal() : value;
}

/** A token goes only to the address of its own source, or, where that has none, to the resolved one. */
function withOwnTokenOnly(
  values: ResolvedEnvironment['values'],
  sources: readonly Source[],
  notices: string[],
): ResolvedEnvironment['values'] {
  const address = values.vaultAddress?.value;
  const usable: Candidate<Secret>[] = [];
  for (const source of sources) {
    const token = source.vaultToken;
    if (!token) continue;
    const own = source.vaultAddress?.value;
    if (!own || own === address) usable.push(token);
    else
      notices.push(
        `The Vault token of ${describeOrigin(token.origin)} is for another address and isn't used.`,
      );
  }
  const { vaultToken: _, ...others } = values;
  const [first, ...rest] = usable;
  return first ? { ...others, vaultToken: { ...first, overrode: rest } } : others;
}

function requireEncryption(name: string, values: ResolvedEnvironment['values']): void {
  const tls = values.tls;
  if (name === LOCAL || tls?.value !== 'disable') return;
  throw new AccessError(
    'CONFIG_INSECURE',
    `DB_TLS of ${name} is disable: only local may be unencrypted.`,
    {
      environment: name,
      suggestions: [`Remove it from ${describeOrigin(tls.origin)}; verify-full is the default.`],
    },
  );
}
