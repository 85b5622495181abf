import { randomBytes, randomUUID } from 'node:crypto';
import { type DatabaseState, databaseFromJson, databaseToJson } from './database-mount.ts';
import type { JsonObject } from './fields.ts';
import type { Lease } from './lease.ts';
import type { WrappedResponse } from './wrapped-response.ts';

/** A token. Times are in milliseconds since 1970, lengths in seconds; 0 means none. */
export interface Token {
  readonly id: string;
  readonly accessor: string;
  /** The id of the token that made it; null for an orphan. */
  readonly parent: string | null;
  readonly path: string;
  readonly policies: readonly string[];
  readonly meta: Readonly<Record<string, string>> | null;
  readonly displayName: string;
  readonly issueTime: number;
  readonly ttl: number;
  readonly explicitMaxTtl: number;
  readonly period: number;
  readonly renewable: boolean;
  numUses: number;
  expireTime: number | null;
  lastRenewal: number | null;
}

/** One version of a secret. Times are ISO 8601, or empty. */
export interface SecretVersion {
  readonly version: number;
  readonly createdTime: string;
  deletionTime: string;
  destroyed: boolean;
  data?: JsonObject;
}

/** A secret of KV version 2. */
export interface VersionedSecret {
  readonly createdTime: string;
  updatedTime: string;
  currentVersion: number;
  oldestVersion: number;
  maxVersions: number;
  casRequired: boolean;
  deleteVersionAfter: number;
  customMetadata: Record<string, string> | null;
  versions: SecretVersion[];
}

interface MountDescription {
  readonly accessor: string;
  readonly uuid: string;
  readonly description: string;
}

/** A mount of KV version 1: a secret is what was written. */
export interface PlainMount extends MountDescription {
  readonly version: 1;
  readonly secrets: Map<string, JsonObject>;
}

/** A mount of KV version 2: a secret is its versions. */
export interface VersionedMount extends MountDescription {
  readonly version: 2;
  readonly config: { maxVersions: number; casRequired: boolean; deleteVersionAfter: number };
  readonly secrets: Map<string, VersionedSecret>;
}

/** A mount that makes database users. */
export interface DatabaseMount extends MountDescription, DatabaseState {
  readonly version: 'database';
}

export type Mount = PlainMount | VersionedMount | DatabaseMount;

/** All that a Vault keeps. Maps, since people choose the keys, and `__proto__` is one they can. */
export interface VaultState {
  rootToken: string;
  readonly tokens: Map<string, Token>;
  /** The documents by their name; `root` has none. */
  readonly policies: Map<string, string>;
  /** By path, with its final slash. */
  readonly mounts: Map<string, Mount>;
  /** By their ids. */
  readonly leases: Map<string, Lease>;
  /** By the token that opens them. */
  readonly wrapped: Map<string, WrappedResponse>;
}

const FORMAT = 1;

const DEFAULT_POLICY = `# Allow tokens to look up their own properties
path "auth/token/lookup-self" {
  capabilities = ["read"]
}

# Allow tokens to renew themselves
path "auth/token/renew-self" {
  capabilities = ["update"]
}

# Allow tokens to revoke themselves
path "auth/token/revoke-self" {
  capabilities = ["update"]
}

# Allow a token to wrap what it may read, and to take out what was wrapped for it
path "sys/wrapping/wrap" {
  capabilities = ["update"]
}
path "sys/wrapping/lookup" {
  capabilities = ["update"]
}
path "sys/wrapping/unwrap" {
  capabilities = ["update"]
}

# Allow a token to look up its leases, and to renew them
path "sys/leases/lookup" {
  capabilities = ["update"]
}
path "sys/leases/renew" {
  capabilities = ["update"]
}
path "sys/renew" {
  capabilities = ["update"]
}

# Allow a token to look up its own capabilities on a path
path "sys/capabilities-self" {
  capabilities = ["update"]
}
`;

/** The state of a new Vault: the policies root and default, KV version 2 at `secret/`. */
export function newState(): VaultState {
  return {
    rootToken: '',
    tokens: new Map(),
    policies: new Map([['default', DEFAULT_POLICY]]),
    mounts: new Map([['secret/', newMount(2, 'key/value secret storage')]]),
    leases: new Map(),
    wrapped: new Map(),
  };
}

export function newMount(version: Mount['version'], description: string): Mount {
  const common = {
    accessor: `${version === 'database' ? 'database' : 'kv'}_${randomBytes(4).toString('hex')}`,
    uuid: randomUUID(),
    description,
  };
  if (version === 'database') return { ...common, version, ...databaseFromJson() };
  if (version === 1) return { ...common, version, secrets: new Map() };
  const config = { maxVersions: 0, casRequired: false, deleteVersionAfter: 0 };
  return { ...common, version, config, secrets: new Map() };
}

/** A mount as JSON keeps it; its parts are read by those who know them. */
// biome-ignore lint/suspicious/noExplicitAny: what was parsed has no type yet
type KeptMount = Record<string, any>;

/** The state as JSON text. */
export function stateToText(state: VaultState): string {
  const mounts = [...state.mounts].map(([path, mount]) => [
    path,
    mount.version === 'database'
      ? { ...mount, ...databaseToJson(mount) }
      : { ...mount, secrets: Object.fromEntries<unknown>(mount.secrets) },
  ]);
  return `${JSON.stringify({
    format: FORMAT,
    rootToken: state.rootToken,
    tokens: Object.fromEntries(state.tokens),
    policies: Object.fromEntries(state.policies),
    mounts: Object.fromEntries(mounts),
    leases: Object.fromEntries(state.leases),
    wrapped: Object.fromEntries(state.wrapped),
  })}\n`;
}

/** @throws SyntaxError when the text is not a state of this format. */
export function stateFromText(text: string): VaultState {
  const kept = JSON.parse(text);
  if (kept?.format !== FORMAT || typeof kept.rootToken !== 'string') {
    throw new SyntaxError('not a state of this format');
  }
  const mounts = Object.entries<KeptMount>(kept.mounts).map(([path, mount]): [string, Mount] => [
    path,
    (mount.version === 'database'
      ? { ...mount, ...databaseFromJson(mount) }
      : { ...mount, secrets: new Map(Object.entries(mount.secrets)) }) as Mount,
  ]);
  return {
    rootToken: kept.rootToken,
    tokens: new Map(Object.entries<Token>(kept.tokens)),
    policies: new Map(Object.entries<string>(kept.policies)),
    mounts: new Map(mounts),
    // A state of before has none of these.
    leases: new Map(Object.entries<Lease>(kept.leases ?? {})),
    wrapped: new Map(Object.entries<WrappedResponse>(kept.wrapped ?? {})),
  };
}
