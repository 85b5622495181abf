import { RequestError } from './request-error.ts';
import type { VaultState } from './state.ts';

/** How a database is reached. The password is never given out. */
export interface DatabaseConfig {
  /** With `{{username}}` and `{{password}}` where these belong. */
  readonly connectionUrl: string;
  readonly username: string;
  readonly password: string;
  /** The names of the roles that may use it; one that ends in `*` stands for all that begin so. */
  readonly allowedRoles: readonly string[];
}

/** How users are made. Lengths in seconds, 0 for Vault's own; no statements for the default ones. */
export interface DynamicRole {
  readonly dbName: string;
  readonly creationStatements: readonly string[];
  readonly revocationStatements: readonly string[];
  readonly renewStatements: readonly string[];
  readonly defaultTtl: number;
  readonly maxTtl: number;
}

/** A user that is there already, whose password is changed. */
export interface StaticRole {
  readonly dbName: string;
  readonly username: string;
  readonly rotationStatements: readonly string[];
  /** Seconds. */
  readonly rotationPeriod: number;
  readonly password: string;
  /** Milliseconds since 1970. */
  readonly lastRotation: number;
  /** A change has begun: until it is recorded, nobody knows which password Postgres has. */
  readonly rotating: boolean;
}

/** What a database engine keeps, by the names that people chose. */
export interface DatabaseState {
  readonly configs: Map<string, DatabaseConfig>;
  readonly roles: Map<string, DynamicRole>;
  readonly staticRoles: Map<string, StaticRole>;
}

/**
 * A database engine as it is now. What waited for Postgres looks it up anew: it may be gone, and a change
 * that failed has put another state in place of the one before.
 */
export function databaseAt({ mounts }: VaultState, path: string): DatabaseState | undefined {
  const mount = mounts.get(path);
  return mount?.version === 'database' ? mount : undefined;
}

/** @throws RequestError 500 when nobody has said how that database is reached. */
export function configAt(state: VaultState, mount: string, dbName: string): DatabaseConfig {
  const config = databaseAt(state, mount)?.configs.get(dbName);
  if (config) return config;
  throw new RequestError(500, `failed to find entry for connection with name: "${dbName}"`);
}

/** The same for a role. @throws RequestError 500, also when the database isn't for it. */
export function configForRole(
  state: VaultState,
  mount: string,
  { dbName }: { readonly dbName: string },
  role: string,
): DatabaseConfig {
  const config = configAt(state, mount, dbName);
  const allowed = config.allowedRoles.some((name) =>
    name.endsWith('*') ? role.startsWith(name.slice(0, -1)) : name === role,
  );
  if (!allowed) throw new RequestError(500, `"${role}" is not an allowed role`);
  return config;
}

const PARTS = ['configs', 'roles', 'staticRoles'] as const;

/** The parts as JSON keeps them: by pairs, since people choose the names. */
export function databaseToJson(state: DatabaseState): Record<string, unknown> {
  return Object.fromEntries(PARTS.map((part) => [part, [...state[part]]]));
}

export function databaseFromJson(kept: Record<string, [string, never][]> = {}): DatabaseState {
  return {
    configs: new Map(kept.configs),
    roles: new Map(kept.roles),
    staticRoles: new Map(kept.staticRoles),
  };
}
