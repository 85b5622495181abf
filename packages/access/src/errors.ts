/** What can go wrong between a person's configuration and a credential. */
export type AccessErrorCode =
  /**
   * Somebody else could read or change what holds secrets: a file or directory of Spire's with too
   * many rights or another owner, or a symbolic link. Or `DB_TLS: disable` stands outside `local`.
   * Helps: the `chmod` or `chown` that is printed; remove `DB_TLS`.
   */
  | 'CONFIG_INSECURE'
  /**
   * A file of Spire's, or a value in it or in a variable, isn't what it has to be: not YAML, not
   * UTF-8, a port that is none, a certificate that can't be read. Helps: the message names file
   * and line; correct that.
   */
  | 'CONFIG_INVALID'
  /**
   * A file of Spire's can't be written: no permission, another process that is writing it, or a
   * form that can't be edited without losing something. Helps: write permission, or
   * `SPIRE_CONFIG_DIR`; or edit by hand what is named.
   */
  | 'CONFIG_UNWRITABLE'
  /**
   * Nobody says where the database or its Vault is; or the credentials of a connector were closed
   * already. Helps: `spire login -e NAME --from databricks`, or `spire env set DB_HOSTNAME` and
   * `VAULT_ADDRESS`.
   */
  | 'CREDENTIALS_MISSING'
  /**
   * What was to be imported belongs to another environment. Nothing was written. Helps: take it
   * for the environment that it is: `spire login -e NAME --from ...`.
   */
  | 'ENVIRONMENT_MISMATCH'
  /**
   * Nothing chooses an environment: no flag, no variable, no config file, and there is no local
   * one. Helps: `--environment NAME`; for good `spire env use NAME`; or `spire quickstart`.
   */
  | 'ENVIRONMENT_REQUIRED'
  /** No environment has this name. Helps: the message lists those there are. */
  | 'ENVIRONMENT_UNKNOWN'
  /**
   * A login came to nothing: Vault or the identity provider refused it, it took too long, or
   * nobody can listen on the port that the answer comes to. Helps: check role and mount
   * (`VAULT_AUTH_ROLE`, `VAULT_AUTH_MOUNT`), or log in with a token: `spire login --method token`.
   */
  | 'LOGIN_FAILED'
  /**
   * The config file chooses production, which has to be named each time. Helps: `--environment
   * production` if it is meant, else `spire env use development`.
   */
  | 'PRODUCTION_NOT_DEFAULT'
  /**
   * Databricks or Astronomer refuses the token. Helps: make a new one, and write it where this one
   * is.
   */
  | 'RUNTIME_DENIED'
  /**
   * Nothing says how to reach Databricks or Astronomer, or what says it can't be used. Helps: the
   * variables or the profile that are named.
   */
  | 'RUNTIME_NOT_CONFIGURED'
  /**
   * A cluster, job, deployment or file to read variables from isn't there, or several could be
   * meant. Helps: check its name or path, or name one of those that are listed.
   */
  | 'RUNTIME_NOT_FOUND'
  /** Databricks or Astronomer asks to slow down. Helps: try again later. */
  | 'RUNTIME_RATE_LIMITED'
  /**
   * Databricks or Astronomer doesn't answer, or something else answers there. Helps: check the
   * address and the network.
   */
  | 'RUNTIME_UNAVAILABLE'
  /**
   * The secret in Vault lacks a field, holds one that can't be what it says, or lies in an engine
   * that Spire doesn't know. Helps: the fields `user`, `pwd` and `db`, or `username`, `password`
   * and `database`; or a path such as `database/creds/ROLE`.
   */
  | 'SECRET_MALFORMED'
  /**
   * Vault has no secret at the path, or can't give it. Helps: check `VAULT_READ_PATH`: `spire env
   * show`.
   */
  | 'SECRET_NOT_FOUND'
  /**
   * What was pasted is no code that `spire login --share` made, or was made for something else.
   * Helps: paste all of it, or let your colleague make another.
   */
  | 'SHARED_TOKEN_INVALID'
  /**
   * The shared token was taken already, or its time is over. Helps: let your colleague make
   * another. Was it fresh, and you haven't used it: tell them at once, somebody may have
   * intercepted it.
   */
  | 'SHARED_TOKEN_USED'
  /**
   * Two sources of equal rank disagree about one value. Helps: unset one, make them equal, or say
   * with `DEPLOYMENT_ENV` which environment the variables mean.
   */
  | 'VALUES_CONFLICT'
  /**
   * Vault knows the token and refuses what was asked. Of `spire login --share`: a root token isn't
   * shared. Helps: the token's policies have to cover the path; `spire doctor` shows what they
   * cover.
   */
  | 'VAULT_DENIED'
  /** Vault asks to slow down. Helps: try again later. */
  | 'VAULT_RATE_LIMITED'
  /** Vault is sealed: it can't open what it keeps. Helps: somebody has to unseal it: ask DevOps. */
  | 'VAULT_SEALED'
  /**
   * All nodes that were asked are standbys, which can't answer this. Helps: name the active node
   * in `VAULT_ADDRESS`, or ask DevOps what became of it.
   */
  | 'VAULT_STANDBY'
  /** Vault doesn't know the token: it has expired or was revoked. Helps: `spire login`. */
  | 'VAULT_TOKEN_INVALID'
  /** There is no Vault token for this environment. Helps: `spire login`. */
  | 'VAULT_TOKEN_MISSING'
  /**
   * Vault doesn't answer, answers with an error of its own, or something else answers at its
   * address. Helps: check `VAULT_ADDRESS`, VPN and `VAULT_CACERT`; `spire doctor`. Of `local`:
   * `spire local up`.
   */
  | 'VAULT_UNAVAILABLE'
  /** The Vault was never initialized. Helps: check `VAULT_ADDRESS`; else ask DevOps. */
  | 'VAULT_UNINITIALIZED';

/**
 * The error of this package. `code` is stable, `environment` says which one was concerned, and
 * `suggestions` what to do next. No message holds a secret.
 *
 * @example
 * if (error instanceof AccessError && error.code === 'VAULT_UNAVAILABLE') retryLater();
 */
export class AccessError extends Error {
  readonly code: AccessErrorCode;
  readonly environment: string | undefined;
  readonly suggestions: readonly string[];

  constructor(
    code: AccessErrorCode,
    message: string,
    options: { environment?: string; suggestions?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AccessError';
    this.code = code;
    this.environment = options.environment;
    this.suggestions = options.suggestions ?? [];
  }
}
