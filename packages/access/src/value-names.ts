import { isAbsolute } from 'node:path';
import type { EnvironmentValues } from './environment.ts';
import { Secret } from './secret.ts';
import { coversVaultAddresses, parseVaultAddresses } from './vault-addresses.ts';

interface ValueName<T> {
  /** Its names as a process variable and in the config file, the preferred one first. */
  readonly names: readonly string[];
  /** Text to value; throws a sentence that says what was expected. */
  readonly parse: (text: string) => T;
  /** Whether the value under another name may stand beside the preferred one. Default: when it is equal. */
  readonly agrees?: (preferred: T, other: T) => boolean;
}

const text = (value: string) => value;

/** The names of each value outside, and its way in. One table: nothing else knows them. */
export const VALUE_NAMES: {
  readonly [Key in keyof EnvironmentValues]: ValueName<EnvironmentValues[Key]>;
} = {
  host: { names: ['DB_HOSTNAME'], parse: parseHost },
  port: { names: ['DB_PORT'], parse: parsePort },
  database: { names: ['DB_NAME'], parse: text },
  user: { names: ['DB_USER'], parse: text },
  password: { names: ['DB_PASSWORD'], parse: (value) => new Secret(value) },
  tls: { names: ['DB_TLS'], parse: parseTls },
  caFile: { names: ['DB_CA_FILE'], parse: parseFile },
  vaultAddress: {
    // Vault's own command line takes one address, in VAULT_ADDR.
    names: ['VAULT_ADDRESS', 'VAULT_ADDR'],
    parse: parseVaultAddresses,
    agrees: coversVaultAddresses,
  },
  vaultCaFile: { names: ['VAULT_CACERT'], parse: parseFile },
  vaultToken: { names: ['VAULT_TOKEN'], parse: parseToken },
  authMethod: { names: ['VAULT_AUTH_METHOD'], parse: parseAuthMethod },
  authMount: { names: ['VAULT_AUTH_MOUNT'], parse: parseMount },
  authRole: { names: ['VAULT_AUTH_ROLE'], parse: text },
  readPath: { names: ['VAULT_READ_PATH'], parse: parseVaultPath },
  writePath: { names: ['VAULT_WRITE_PATH'], parse: parseVaultPath },
};

/** The keys of {@link EnvironmentValues}, in the order in which they are shown. */
export const VALUE_KEYS = Object.keys(VALUE_NAMES) as readonly (keyof EnvironmentValues)[];

/** The key that a name such as `VAULT_ADDR` gives; undefined when it gives none. */
export function valueKeyOf(name: string): keyof EnvironmentValues | undefined {
  return VALUE_KEYS.find((key) => VALUE_NAMES[key].names.includes(name));
}

function parseHost(value: string): string {
  if (/[\s/:@]/.test(value))
    throw new Error('expected a host name, without protocol, port or path');
  return value;
}

function parsePort(value: string): number {
  const port = /^\d+$/.test(value) ? Number(value) : 0;
  if (port < 1 || port > 65535) {
    throw new Error('expected a port from 1 to 65535');
  }
  return port;
}

function parseTls(value: string): EnvironmentValues['tls'] {
  if (value === 'verify-full' || value === 'disable') return value;
  throw new Error('expected verify-full or disable');
}

function parseAuthMethod(value: string): EnvironmentValues['authMethod'] {
  if (value === 'token' || value === 'oidc') return value;
  throw new Error('expected token or oidc');
}

function parseMount(value: string): string {
  const mount = value.replace(/^\/+|\/+$/g, '');
  if (!/^[^\s?#]+$/.test(mount)) throw new Error('expected a path such as oidc');
  return mount;
}

function parseFile(value: string): string {
  if (!isAbsolute(value)) throw new Error('expected an absolute path');
  return value;
}

function parseVaultPath(value: string): string {
  const path = value.replace(/^\/+|\/+$/g, '');
  if (!/^[^/\s?#]+(\/[^/\s?#]+)+$/.test(path))
    throw new Error('expected a path such as secret/team/db');
  return path;
}

/**
 * A token as a trusted value. It travels in an HTTP header; what can't stand there would come back in
 * an error.
 *
 * @throws Error a sentence without the token.
 */
export function parseToken(value: string): Secret {
  const token = value.trim();
  if (!/^[\x21-\x7e]+$/.test(token)) throw new Error('expected a token without spaces in it');
  return new Secret(token);
}
