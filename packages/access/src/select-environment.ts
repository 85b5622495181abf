import type { ConfigFile } from './config-file.ts';
import { BUILT_IN_ENVIRONMENTS, type Candidate, LOCAL, type Origin } from './environment.ts';
import { AccessError } from './errors.ts';
import type { StoredLogin } from './login-store.ts';
import type { Secret } from './secret.ts';

/** Everything that may say which environment is meant, and what its values are. */
export interface ResolutionInput {
  /** The environment named on the command line or by the caller. */
  readonly environment?: string | undefined;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly config: ConfigFile;
  /** What `spire local up` wrote; undefined when there is no local environment. */
  readonly local: ConfigFile | undefined;
  /** What `spire login` stored, of all environments. Default: nothing. */
  readonly logins?: readonly StoredLogin[];
  /** The token that Vault's own command line keeps. Default: none. */
  readonly vaultTokenFile?: Candidate<Secret> | undefined;
  /** Milliseconds since 1970, to tell which logins have expired. Default: now. */
  readonly now?: number;
}

/** The chosen environment and who chose it. */
export interface Selection {
  readonly name: string;
  readonly by: Origin;
}

/** The names of all environments: the built-in ones, those of the config file, and `local`. */
export function environmentNames(input: Pick<ResolutionInput, 'config' | 'local'>): string[] {
  const names = new Set<string>(BUILT_IN_ENVIRONMENTS);
  for (const name of input.config.environments.keys()) names.add(name);
  names.delete(LOCAL);
  return input.local ? [...names, LOCAL] : [...names];
}

/**
 * Decides which environment is meant: flag, `SPIRE_ENVIRONMENT`, `DEPLOYMENT_ENV`, the config file's
 * `active_env`, then `local` if it exists. Production is never guessed from a file.
 *
 * @throws AccessError `ENVIRONMENT_REQUIRED`, `ENVIRONMENT_UNKNOWN`, `PRODUCTION_NOT_DEFAULT`.
 */
export function selectEnvironment(input: ResolutionInput): Selection {
  const selection = choose(input);
  if (!selection) {
    throw new AccessError('ENVIRONMENT_REQUIRED', 'No environment is chosen.', {
      suggestions: [
        'Name one: --environment development',
        'Or make the local one: spire quickstart',
        'Or choose one for good: spire env use development',
      ],
    });
  }
  requireKnown(selection.name, input);
  if (selection.by.kind === 'file' && selection.name === 'production') {
    throw new AccessError(
      'PRODUCTION_NOT_DEFAULT',
      `${selection.by.file}:${selection.by.line} chooses production, which has to be named each time.`,
      {
        environment: 'production',
        suggestions: [
          'If production is meant: --environment production',
          'Else: spire env use development',
        ],
      },
    );
  }
  return selection;
}

/** @throws AccessError `ENVIRONMENT_UNKNOWN`, listing the known names. */
export function requireKnown(name: string, input: Pick<ResolutionInput, 'config' | 'local'>): void {
  const known = environmentNames(input);
  if (known.includes(name)) return;
  const local = name === LOCAL ? ['Make the local environment: spire local up'] : [];
  throw new AccessError('ENVIRONMENT_UNKNOWN', `There is no environment ${JSON.stringify(name)}.`, {
    suggestions: [...local, `Known are: ${known.join(', ')}`],
  });
}

function choose({ environment, variables, config, local }: ResolutionInput): Selection | undefined {
  if (environment) return { name: environment, by: { kind: 'flag', name: '--environment' } };
  for (const name of ['SPIRE_ENVIRONMENT', 'DEPLOYMENT_ENV']) {
    const value = variables[name];
    if (value) return { name: value, by: { kind: 'variable', name } };
  }
  const active = config.activeEnvironment;
  if (active) {
    const by: Origin = { kind: 'file', file: config.path, line: active.line, name: 'active_env' };
    return { name: active.value, by };
  }
  return local ? { name: LOCAL, by: { kind: 'default' } } : undefined;
}
