import type { Secret } from './secret.ts';

/** Where a value came from. */
export type Origin =
  | { readonly kind: 'flag'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'file'; readonly file: string; readonly line: number; readonly name: string }
  | { readonly kind: 'login'; readonly file: string }
  | { readonly kind: 'vault'; readonly path: string; readonly version: string }
  | { readonly kind: 'default' };

/** A value that a source gives, and where it stands there. */
export interface Candidate<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** A value with its origin, and what it overrode, strongest first. */
export interface Resolved<T> extends Candidate<T> {
  readonly overrode: readonly Candidate<T>[];
}

/** How the connection to Postgres is encrypted; `disable` is for `local` alone. */
export type TlsMode = 'verify-full' | 'disable';

/** How a person proves to Vault who they are. */
export type AuthMethod = 'token' | 'oidc';

/** The values that make an environment, each of which may come from several places. */
export interface EnvironmentValues {
  /** Postgres' host name. */
  readonly host: string;
  /** Postgres' port; default 5432. */
  readonly port: number;
  /** The database's name; default `spire_db`. */
  readonly database: string;
  /** Who to be when no Vault is configured, or it can't be reached; default: the environment's own. */
  readonly user: string;
  /** The password of that user; better not written anywhere. */
  readonly password: Secret;
  /** `verify-full` or `disable`, which is for `local` alone; default `verify-full`. */
  readonly tls: TlsMode;
  /** Certificates to trust instead of the system's, a file in PEM form. */
  readonly caFile: string;
  /** A URL, or several of one Vault with commas between: the first is asked first. */
  readonly vaultAddress: string;
  /** Certificates to trust instead of the system's when Vault is asked, a file in PEM form. */
  readonly vaultCaFile: string;
  /** A token of Vault's; `spire login` keeps it better. */
  readonly vaultToken: Secret;
  /** How people log in, `token` or `oidc`; default `token`. */
  readonly authMethod: AuthMethod;
  /** Where the auth method is mounted in Vault; default: at its own name. */
  readonly authMount: string;
  /** The role to log in as; default: Vault's. */
  readonly authRole: string;
  /** Where in Vault the credential for reading lies; default `secret/data-innovation/spire/NAME/db`. */
  readonly readPath: string;
  /** Where the credential for writing lies; default: the read path. */
  readonly writePath: string;
}

/** An environment with every value decided. Values that nobody gave are absent. */
export interface ResolvedEnvironment {
  readonly name: string;
  /** What chose this environment. */
  readonly selectedBy: Origin;
  /** Whether writes need its name typed. */
  readonly protected: boolean;
  /** Who to ask for access. */
  readonly contacts: readonly string[];
  readonly values: {
    readonly [Key in keyof EnvironmentValues]?: Resolved<EnvironmentValues[Key]>;
  };
  /** What the reader should know about the choice, such as variables that were ignored. */
  readonly notices: readonly string[];
}

/** The embedded environment: the only one that reads no process variable. */
export const LOCAL = 'local';

/** The organisation's environments, in the order in which they are listed. */
export const BUILT_IN_ENVIRONMENTS = ['production', 'staging', 'development'] as const;

const USERS: Readonly<Record<string, string>> = {
  production: 'spireprod',
  staging: 'spirestage',
  development: 'spiredevusr',
};

/** What holds for an environment when nobody says otherwise. */
export function defaultValues(name: string): Partial<EnvironmentValues> {
  const user = USERS[name];
  return {
    port: 5432,
    database: 'spire_db',
    tls: name === LOCAL ? 'disable' : 'verify-full',
    authMethod: 'token',
    readPath: `secret/data-innovation/spire/${name}/db`,
    ...(user ? { user } : {}),
  };
}

/** An origin in words, such as `variable DB_HOSTNAME` or `/home/ann/.spire/config.yml:3`. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'flag':
      return `flag ${origin.name}`;
    case 'variable':
      return `variable ${origin.name}`;
    case 'file':
      return `${origin.file}:${origin.line}`;
    case 'login':
      return `spire login (${origin.file})`;
    case 'vault':
      return `Vault ${origin.path} (version ${origin.version})`;
    case 'default':
      return 'default';
  }
}
