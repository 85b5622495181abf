import { Secret } from '../secret.ts';
import { askRuntime } from './ask-runtime.ts';
import { type DatabricksProfiles, loadDatabricksProfiles } from './databricks-profiles.ts';
import { fieldsOf, textOf } from './fields.ts';
import {
  bearer,
  DEFAULT_TIMEOUT_MILLIS,
  notConfigured,
  parseOrigin,
  type RuntimeServer,
} from './runtime-server.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Who asks Databricks. */
export interface DatabricksAccess {
  /** Usually `process.env`. */
  readonly variables: Variables;
  /** What Spire's config file says; it counts when it has both. */
  readonly own?:
    | { readonly host?: string | undefined; readonly token?: Secret | undefined }
    | undefined;
  /** A profile of `~/.databrickscfg`; it goes before everything else. */
  readonly profile?: string | undefined;
  /** How long one answer may take. Default: 10 s. */
  readonly timeoutMillis?: number | undefined;
}

/** A host, and what the same source gives to prove oneself there. */
interface Credentials {
  readonly host: string;
  readonly by:
    | { readonly kind: 'token'; readonly token: string }
    | { readonly kind: 'principal'; readonly id: string; readonly secret: string }
    /** The program `databricks` has logged in. */
    | { readonly kind: 'login'; readonly profile: string };
  /** Where they are written, in words. */
  readonly source: string;
}

/**
 * The workspace to ask, with a token for it. The first of these gives both: the profile that the caller
 * names, the process variables, the profile that they name, Spire's config file, the default profile.
 * So a token never goes to the host of another source.
 *
 * @throws AccessError `RUNTIME_NOT_CONFIGURED` (also when `DATABRICKS_HOST` alone names another host);
 * where a service principal needs a token, what `askRuntime` throws.
 */
export async function openDatabricks(access: DatabricksAccess): Promise<RuntimeServer> {
  const { host, by, source } = chooseCredentials(access);
  const origin = parseOrigin(host, source);
  if (!access.profile) requireSameHost(origin, source, access.variables.DATABRICKS_HOST);
  const server = {
    service: 'Databricks',
    origin,
    proof: `the token of ${source}`,
    remedy: `Make a new one, and write it where this one is: ${source}.`,
    timeoutMillis: access.timeoutMillis ?? DEFAULT_TIMEOUT_MILLIS,
  } as const;
  switch (by.kind) {
    case 'token':
      return { ...server, authorization: bearer(by.token, server.proof) };
    case 'principal': {
      const principal = { ...server, proof: `the service principal of ${source}` };
      const token = await makeToken(principal, by.id, by.secret);
      return { ...principal, authorization: bearer(token, server.proof) };
    }
    case 'login': {
      const token = await keptToken(by.profile, access.variables, server.timeoutMillis);
      const authorization = bearer(token, server.proof);
      return { ...server, remedy: `Log in again: ${loginCommand(by.profile)}`, authorization };
    }
  }
}

function chooseCredentials({ profile, variables, own }: DatabricksAccess): Credentials {
  const ofProcess = ofVariables(variables);
  if (!profile && ofProcess) return ofProcess;
  const named = profile || variables.DATABRICKS_CONFIG_PROFILE;
  if (!named && own?.host && own.token) {
    const by = { kind: 'token', token: own.token.reveal() } as const;
    return { host: own.host, by, source: "Spire's config file" };
  }
  const file = loadDatabricksProfiles(variables);
  const chosen = named || file.profiles.get('__settings__')?.get('default_profile');
  if (chosen) return ofProfile(chosen, file);
  if (file.profiles.get('DEFAULT')?.get('host')) return ofProfile('DEFAULT', file);
  throw notConfigured('Nothing says how to reach Databricks.', [
    'Log in with its own program: databricks auth login',
    'Or set both DATABRICKS_HOST and DATABRICKS_TOKEN.',
    ...suggestProfiles(file),
  ]);
}

/** Whoever names a workspace without a token for it shall not be shown another one. */
function requireSameHost(origin: string, source: string, host: string | undefined): void {
  if (!host || parseOrigin(host, 'DATABRICKS_HOST') === origin) return;
  throw notConfigured(`DATABRICKS_HOST isn't the host of ${source}.`, [
    'Set DATABRICKS_TOKEN too, or unset DATABRICKS_HOST.',
  ]);
}

function ofVariables(variables: Variables): Credentials | undefined {
  const { DATABRICKS_HOST: host, DATABRICKS_TOKEN: token } = variables;
  const { DATABRICKS_CLIENT_ID: id, DATABRICKS_CLIENT_SECRET: secret } = variables;
  if (host && token) return { host, by: { kind: 'token', token }, source: 'DATABRICKS_TOKEN' };
  if (!host || !id || !secret) return undefined;
  return { host, by: { kind: 'principal', id, secret }, source: 'DATABRICKS_CLIENT_ID' };
}

function ofProfile(name: string, file: DatabricksProfiles): Credentials {
  const profile = file.profiles.get(name);
  const source = `profile ${name} (${file.path})`;
  const host = profile?.get('host');
  if (!host) {
    throw notConfigured(`There is no ${profile ? 'host in ' : ''}${source}.`, [
      `Make it: ${loginCommand(name)}`,
      ...suggestProfiles(file),
    ]);
  }
  const isLogin = profile?.get('auth_type') === 'databricks-cli';
  const token = profile?.get('token');
  const id = profile?.get('client_id');
  const secret = profile?.get('client_secret');
  if (token && !isLogin) return { host, by: { kind: 'token', token }, source };
  if (id && secret && !isLogin) return { host, by: { kind: 'principal', id, secret }, source };
  return { host, by: { kind: 'login', profile: name }, source };
}

function suggestProfiles({ profiles }: DatabricksProfiles): string[] {
  const names = [...profiles].flatMap(([name, keys]) => (keys.get('host') ? [name] : []));
  return names.slice(0, 10).map((name) => `Or name a profile: --profile ${name}`);
}

function loginCommand(profile: string): string {
  return `databricks auth login --profile ${profile}`;
}

/** Exchanges a service principal's secret for a token. */
async function makeToken(
  server: Omit<RuntimeServer, 'authorization'>,
  id: string,
  secret: string,
): Promise<string> {
  const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
  const authorization = new Secret(`Basic ${Buffer.from(pair).toString('base64')}`);
  const form = { grant_type: 'client_credentials', scope: 'all-apis' };
  const question = { path: '/oidc/v1/token', form, subject: 'a token' };
  return textOf((await askRuntime({ ...server, authorization }, question)).access_token);
}

/** The token that the program `databricks` keeps for a profile; it renews it if need be. */
function keptToken(profile: string, variables: Variables, timeout: number): Promise<string> {
  // The profile alone shall count there, and no other secret is any of its business.
  const env = Object.fromEntries(
    Object.entries(variables).filter(
      ([name]) => !/^(ASTRO_|DB_|VAULT_|DATABRICKS_(HOST|TOKEN|CLIENT_|AUTH_TYPE))/.test(name),
    ),
  );
  const args = ['auth', 'token', '--profile', profile];
  // Not by `import`: the other ways do without.
  const { execFile } = process.getBuiltinModule('node:child_process');
  return new Promise((resolve, reject) => {
    execFile('databricks', args, { env, timeout }, (error, stdout) => {
      if (!error) resolve(tokenIn(stdout));
      // The error itself quotes what the program printed.
      else if (error.code === 'ENOENT') reject(noProgram(profile));
      else {
        const message = `The program databricks gives no token of profile ${profile}.`;
        reject(notConfigured(message, [`Log in: ${loginCommand(profile)}`]));
      }
    });
  });
}

function tokenIn(json: string): string {
  try {
    return textOf(fieldsOf(JSON.parse(json)).access_token);
  } catch {
    return '';
  }
}

function noProgram(profile: string) {
  return notConfigured(
    `Profile ${profile} is logged in by the program databricks, which isn't on PATH.`,
    [
      'Install it: https://docs.databricks.com/dev-tools/cli/install.html',
      'Or set both DATABRICKS_HOST and DATABRICKS_TOKEN.',
    ],
  );
}
