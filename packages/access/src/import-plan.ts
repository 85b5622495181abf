import type { EnvironmentValues } from './environment.ts';
import { AccessError } from './errors.ts';
import type { Runtime, RuntimeVariable } from './runtime/runtime-variables.ts';
import type { Secret } from './secret.ts';
import { environmentNames, type ResolutionInput } from './select-environment.ts';
import { VALUE_NAMES, valueKeyOf } from './value-names.ts';

/** What becomes of a variable that was found. */
export interface ImportedVariable {
  readonly name: string;
  readonly kind: RuntimeVariable['kind'];
  /**
   * `stored`: the token, which goes to the logins; `new`, `same` or `replaces`: what the config file has
   * there; `checked`: says whose these values are; `unused`: not needed beside Vault, or not known here.
   */
  readonly use: 'stored' | 'checked' | 'new' | 'same' | 'replaces' | 'unused';
}

/** What taking an environment's values from a runtime will write. */
export interface ImportPlan {
  readonly environment: string;
  /** Where the values come from, in words. */
  readonly from: string;
  readonly variables: readonly ImportedVariable[];
  /** What goes into the environment's section of the config file. */
  readonly entries: ReadonlyMap<string, string>;
  readonly token: Secret | undefined;
}

/**
 * Plans what is taken from a runtime for an environment. Values of another environment are refused.
 *
 * @throws AccessError `ENVIRONMENT_MISMATCH` (the runtime is another environment's), `CONFIG_INVALID` (a
 * value can't be one), `VALUES_CONFLICT` (`VAULT_ADDR` and `VAULT_ADDRESS` disagree).
 * @example
 * const plan = planImport(await readDatabricks({variables: process.env}), 'development', input);
 */
export function planImport(
  runtime: Runtime,
  environment: string,
  { config, local }: Pick<ResolutionInput, 'config' | 'local'>,
): ImportPlan {
  const known = config.environments.get(environment)?.entries;
  const texts = new Map(
    runtime.variables.flatMap((one) => (one.kind === 'value' ? [[one.name, one.value]] : [])),
  ) as Map<string, Secret>;
  requireSame(runtime, environment, texts, { config, local });
  const hasVault = VALUE_NAMES.vaultAddress.names.some(
    (name) => texts.has(name) || known?.has(name),
  );
  const entries = new Map<string, string>();
  const variables = runtime.variables.map(({ name, kind }): ImportedVariable => {
    if (name === 'DEPLOYMENT_ENV') return { name, kind, use: 'checked' };
    const key = valueKeyOf(name);
    const text = texts.get(name)?.reveal();
    if (!key || text === undefined) return { name, kind, use: 'unused' };
    check(key, name, text, runtime);
    if (key === 'vaultToken') return { name, kind, use: 'stored' };
    // Where there is a Vault, it has the credential.
    if (hasVault && (key === 'user' || key === 'password')) return { name, kind, use: 'unused' };
    // A file of that machine's isn't here.
    if (key === 'caFile' || key === 'vaultCaFile') return { name, kind, use: 'unused' };
    const { names } = VALUE_NAMES[key];
    const place = names.find((one) => known?.has(one)) ?? names[0] ?? name;
    const there = known?.get(place)?.value;
    if (entries.has(place) && entries.get(place) !== text) throw disagree(names, runtime);
    if (there !== text) entries.set(place, text);
    const use = there === undefined ? 'new' : there === text ? 'same' : 'replaces';
    return { name, kind, use };
  });
  return {
    environment,
    from: runtime.description,
    variables,
    entries,
    token: texts.get('VAULT_TOKEN'),
  };
}

/**
 * The input as it will be once the plan is written: to try what it leads to before.
 *
 * @example
 * const environment = resolveEnvironment(afterImport(input, plan));
 */
export function afterImport(input: ResolutionInput, plan: ImportPlan): ResolutionInput {
  const { environment } = plan;
  const section = input.config.environments.get(environment);
  const entries = new Map(section?.entries);
  for (const [name, value] of plan.entries) entries.set(name, { value, line: 0 });
  const environments = new Map(input.config.environments);
  environments.set(environment, { protected: undefined, contacts: [], ...section, entries });
  return { ...input, environment, config: { ...input.config, environments } };
}

/** Refuses what belongs to another environment: by its name, its host, or the path of its secret. */
function requireSame(
  runtime: Runtime,
  environment: string,
  texts: ReadonlyMap<string, Secret>,
  input: Pick<ResolutionInput, 'config' | 'local'>,
): void {
  const owner = texts.get('DEPLOYMENT_ENV')?.reveal();
  if (owner !== undefined && owner !== environment) {
    throw mismatch(runtime, environment, owner, 'its DEPLOYMENT_ENV says so');
  }
  const host = texts.get('DB_HOSTNAME')?.reveal().toLowerCase();
  // Where environments share a server, its name says nothing.
  const ours = input.config.environments.get(environment)?.entries.get('DB_HOSTNAME')?.value;
  const saysWhose = host !== undefined && ours?.toLowerCase() !== host;
  const segments = texts.get('VAULT_READ_PATH')?.reveal().split('/') ?? [];
  for (const other of environmentNames(input)) {
    if (other === environment) continue;
    const theirs = input.config.environments.get(other)?.entries.get('DB_HOSTNAME')?.value;
    if (saysWhose && theirs?.toLowerCase() === host)
      throw mismatch(runtime, environment, other, 'its DB_HOSTNAME is the one configured there');
    if (segments.includes(other) && !segments.includes(environment))
      throw mismatch(runtime, environment, other, 'its VAULT_READ_PATH names it');
  }
}

function mismatch(
  { description }: Runtime,
  environment: string,
  owner: string,
  why: string,
): AccessError {
  // An owner may be anything that somebody wrote there; only a name is repeated.
  const name = /^[\w-]{1,40}$/.test(owner) ? owner : 'another environment';
  const message = `${description} belongs to ${name}, not to ${environment}: ${why}.`;
  return new AccessError('ENVIRONMENT_MISMATCH', message, {
    environment,
    suggestions: [
      'Nothing was written.',
      `Take it for the environment that it is: spire login -e ${name === owner ? owner : 'NAME'} --from ...`,
    ],
  });
}

function check(key: keyof EnvironmentValues, name: string, text: string, runtime: Runtime): void {
  try {
    VALUE_NAMES[key].parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AccessError('CONFIG_INVALID', `${name} of ${runtime.description}: ${reason}.`, {
      suggestions: ['Nothing was written. Correct it there, or set it here: spire env set --help'],
    });
  }
}

function disagree(names: readonly string[], { description }: Runtime): AccessError {
  return new AccessError('VALUES_CONFLICT', `${names.join(' and ')} of ${description} disagree.`, {
    suggestions: ['Nothing was written. They are two names of one value: make them equal there.'],
  });
}
