import {
  type Candidate,
  defaultValues,
  describeOrigin,
  LOCAL,
  type Resolved,
  type ResolvedEnvironment,
} from './environment.ts';
import { AccessError } from './errors.ts';
import { hasExpired, isPersonal } from './login-store.ts';
import type { Secret } from './secret.ts';
import { type ResolutionInput, selectEnvironment } from './select-environment.ts';
import { VALUE_KEYS } from './value-names.ts';
import { fileSource, type Source, variableSource } from './value-sources.ts';
import { coversVaultAddresses } from './vault-addresses.ts';

/**
 * Decides every value of the selected environment from what it is given, without network:
 * process variables, then the config file, then defaults. A Vault token may also come from
 * `spire login`, which stands above the config file, or from Vault's own `~/.vault-token`, which
 * stands below it. Each value keeps its origin and what it overrode.
 *
 * Process variables belong to the environment that `DEPLOYMENT_ENV` names: for another one they are
 * ignored, with a notice. Without `DEPLOYMENT_ENV` they only fill gaps. `local` reads none of them.
 * User and password come from one source, and a token goes only to the address of its own source.
 *
 * @throws AccessError `VALUES_CONFLICT` (two sources disagree and none is stronger),
 * `CONFIG_INVALID` (a value that can't be one), and those of `selectEnvironment`.
 * @example
 * const staging = resolveEnvironment({environment: 'staging', variables: process.env, config, local});
 * staging.values.host?.origin;   // {kind: 'file', file: '.../config.yml', line: 12, name: 'DB_HOSTNAME'}
 */
export function resolveEnvironment(input: ResolutionInput): ResolvedEnvironment {
  const { name, by } = selectEnvironment(input);
  const notices: string[] = [];
  const config = name === LOCAL ? input.local : input.config;
  const file = config ? fileSource(config, name, notices) : {};
  const variables = variableSource(input.variables, name, file, notices);
  const defaults = Object.fromEntries(
    Object.entries(defaultValues(name)).map(([key, value]) => [
      key,
      { value, origin: { kind: 'default' } },
    ]),
  ) as Source;
  const { vaultToken: _, password: __, ...others } = combine([variables, file, defaults]);
  const token = tokenFor(input, name, others.vaultAddress?.value, [variables, file], notices);
  const values = {
    ...others,
    ...(token ? { vaultToken: token } : {}),
    ...ownPair([variables, file], defaults, notices),
  };
  requireEncryption(name, values);
  const declared = config?.environments.get(name);
  return {
    name,
    selectedBy: by,
    protected: name === 'production' || (declared?.protected ?? false),
    contacts: declared?.contacts ?? [],
    values,
    notices,
  };
}

function combine(sources: readonly Source[]): ResolvedEnvironment['values'] {
  const values: Record<string, Resolved<unknown>> = {};
  for (const key of VALUE_KEYS) {
    const resolved = strongest<unknown>(sources.flatMap((source) => source[key] ?? []));
    if (resolved) values[key] = resolved;
  }
  return values as ResolvedEnvironment['values'];
}

/** Of candidates in their order, the first; the others are what it overrode. */
function strongest<T>(candidates: readonly Candidate<T>[]): Resolved<T> | undefined {
  const [first, ...overrode] = candidates;
  return first && { ...first, overrode };
}

/**
 * User and password of one source; a password may stand alone where nobody names a user but the
 * default. Two halves from two sources are no credential.
 */
function ownPair(
  sources: readonly Source[],
  defaults: Source,
  notices: string[],
): Pick<ResolvedEnvironment['values'], 'user' | 'password'> {
  const passwords = sources.flatMap((source) => source.password ?? []);
  const users = sources.flatMap((source) => source.user ?? []);
  const pair = sources.find(({ user, password }) => password && (user || users.length === 0));
  const user = pair?.user ?? defaults.user;
  if (!pair?.password || !user) {
    for (const { origin } of passwords) {
      notices.push(
        `The password of ${describeOrigin(origin)} isn't used: no user comes with it from there.`,
      );
    }
    return {};
  }
  return { user: over(user, users), password: over(pair.password, passwords) };
}

function over<T>(chosen: Candidate<T>, all: readonly Candidate<T>[]): Resolved<T> {
  return { ...chosen, overrode: all.filter((one) => one !== chosen) };
}

/** A token goes only to addresses of its own source, or, where that has none, to the resolved ones. */
function tokenFor(
  { logins = [], vaultTokenFile, now = Date.now() }: ResolutionInput,
  environment: string,
  address: string | undefined,
  [variables, file]: readonly [Source, Source],
  notices: string[],
): Resolved<Secret> | undefined {
  const isFor = (known: string) => address !== undefined && coversVaultAddresses(known, address);
  const own = ({ vaultToken, vaultAddress }: Source): Candidate<Secret>[] => {
    if (!vaultToken) return [];
    if (!vaultAddress || isFor(vaultAddress.value)) return [vaultToken];
    notices.push(
      `The Vault token of ${describeOrigin(vaultToken.origin)} is for another address and isn't used.`,
    );
    return [];
  };
  const ours = logins.filter((login) => login.environment === environment);
  const others = logins.filter((login) => login.environment !== environment && isPersonal(login));
  for (const login of ours) {
    if (!isFor(login.address))
      notices.push(`The login of ${environment} is for another Vault and isn't used.`);
    else if (hasExpired(login, now))
      notices.push(`The login of ${environment} has expired: spire login -e ${environment}`);
  }
  const stored = [...ours, ...others]
    .filter((login) => isFor(login.address) && !hasExpired(login, now))
    .map(
      ({ token, file }): Candidate<Secret> => ({ value: token, origin: { kind: 'login', file } }),
    );
  // A local environment has a token of its own, and nobody else's goes there.
  const fromVault = environment === LOCAL || !vaultTokenFile ? [] : [vaultTokenFile];
  return strongest([...own(variables), ...stored, ...own(file), ...fromVault]);
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
