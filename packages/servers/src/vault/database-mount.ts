/** How a database is reached. The password is never given out. */
export interface DatabaseConfig {
  readonly connectionUrl: string;
  readonly username: string;
  readonly password: string;
  /** The names of the roles that may use it; `*` for all. */
  readonly allowedRoles: readonly string[];
}

/** How users are made. Lengths in seconds, 0 for Vault's own. */
export interface DynamicRole {
  readonly dbName: string;
  readonly creationStatements: readonly string[];
  readonly revocationStatements: readonly string[];
  readonly defaultTtl: number;
  readonly maxTtl: number;
}

/** A user that is there already, whose password is changed. */
export interface StaticRole {
  readonly dbName: string;
  readonly username: string;
  /** Seconds. */
  readonly rotationPeriod: number;
  readonly password: string;
  /** Milliseconds since 1970. */
  readonly lastRotation: number;
}

/** What a database engine keeps. */
export interface DatabaseState {
  readonly configs: Map<string, DatabaseConfig>;
  readonly roles: Map<string, DynamicRole>;
  readonly staticRoles: Map<string, StaticRole>;
}

/**
 * A database engine as it is in a state. What waited for Postgres looks it up anew: a change that failed
 * meanwhile has put another state in place of the one that it began with.
 */
export function databaseAt(
  mounts: ReadonlyMap<string, { readonly version: unknown }>,
  path: string,
): DatabaseState | undefined {
  const mount = mounts.get(path);
  return mount?.version === 'database' ? (mount as unknown as DatabaseState) : undefined;
}

const PARTS = ['configs', 'roles', 'staticRoles'] as const;

/** The parts as JSON keeps them, by pairs, since people choose the names. */
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
