/** What can go wrong on the command line itself. */
export type CliErrorCode =
  /**
   * The database isn't the one that Alembic left at its last revision. Nothing was changed. Helps:
   * the message says how it differs, and what closes that: see the guide to adopting.
   */
  | 'ADOPTION_IMPOSSIBLE'
  /**
   * The database's certificate has expired, is of another name, or nobody vouches for it. Helps:
   * `DB_HOSTNAME` and `DB_CA_FILE`; the clock of this machine; else a new certificate there.
   */
  | 'CERTIFICATE_INVALID'
  /**
   * This works in a checkout of the repository alone. Helps: clone the repository, and call it
   * there: `pnpm spire ...`.
   */
  | 'CHECKOUT_REQUIRED'
  /**
   * The clock of this machine, of Postgres or of Vault is more than a minute wrong: tokens and
   * certificates seem expired, or not yet valid. Helps: set the clock that is wrong, by NTP.
   */
  | 'CLOCK_SKEWED'
  /**
   * A write wasn't confirmed. Nothing was changed. Helps: if you mean it, the line that is
   * printed, with `--confirm`.
   */
  | 'CONFIRMATION_REFUSED'
  /**
   * A protected environment doesn't take these migrations yet: the linter found something, or the
   * database has drifted. Nothing was changed. Helps: mend the migration, or allow the rule in it
   * with a reason; close the drift: `spire migrate drift --sql`.
   */
  | 'GATE_CLOSED'
  /**
   * No name server knows the database's host. Helps: check `DB_HOSTNAME` with `spire env show`; is
   * the VPN on?
   */
  | 'HOST_UNKNOWN'
  /**
   * Nothing takes connections at the database's host and port. Helps: is Postgres running, on this
   * port (`DB_PORT`)? Is the VPN on, does a firewall let you in?
   */
  | 'HOST_UNREACHABLE'
  /**
   * A file, or what came on stdin, isn't a definition in YAML or JSON. Nothing was written. Helps:
   * correct the line that is named.
   */
  | 'INPUT_INVALID'
  /**
   * A file to read isn't there, or can't be read. Helps: check the path; a relative one starts
   * where you called spire.
   */
  | 'INPUT_MISSING'
  /**
   * A definition is larger than 1 MB. Nothing was written. Helps: check that it is the file you
   * meant.
   */
  | 'INPUT_TOO_LARGE'
  /**
   * Ctrl-C or SIGTERM ended the command; the message says what became of its work. Helps: run it
   * again.
   */
  | 'INTERRUPTED'
  /**
   * The Postgres that `spire local` runs isn't installed. Helps: install with optional
   * dependencies.
   */
  | 'LOCAL_NOT_INSTALLED'
  /**
   * `spire migrate new` made nothing: drizzle-kit wrote nothing, or the migrations are out of
   * order. Helps: on a terminal drizzle-kit can ask what it wants to know; else what is printed.
   */
  | 'MIGRATION_NOT_GENERATED'
  /**
   * pgAdmin's own program refused the servers, or said nothing of having added them. Helps: what it printed;
   * import the file by hand: Tools, then Import/Export Servers.
   */
  | 'PGADMIN_FAILED'
  /** No pgAdmin was found on this machine. Helps: name its Python, or import the file by hand. */
  | 'PGADMIN_MISSING'
  /** The practice organisation's servers aren't running. Helps: `spire practice up`. */
  | 'PRACTICE_NOT_RUNNING'
  /** psql isn't installed. Helps: `spire db query`, or PostgreSQL's client tools. */
  | 'PSQL_MISSING'
  /**
   * A runtime lacks variables of this environment, or has others. Helps: set there what is
   * missing; `spire env show` has what this machine uses.
   */
  | 'RUNTIME_DIFFERS'
  /** The database server is older than PostgreSQL 14. Helps: ask for an upgrade. */
  | 'SERVER_TOO_OLD'
  /**
   * An empty database to replay migrations in is needed, and no Postgres is installed to start
   * one. Helps: name one in `SPIRE_SHADOW_URL`.
   */
  | 'SHADOW_MISSING'
  /** The shadow database can't be reached. Helps: check `SPIRE_SHADOW_URL` or `--shadow-url`. */
  | 'SHADOW_UNREACHABLE'
  /**
   * The other side broke off while TLS was agreed on. Helps: is it Postgres that answers there,
   * and not a proxy or a firewall?
   */
  | 'TLS_FAILED'
  /**
   * The server doesn't speak TLS, and Spire sends no password unencrypted. Helps: let TLS be
   * switched on there; is it a pooler or a tunnel that answers?
   */
  | 'TLS_MISSING'
  /**
   * The runtime has no Vault token that could be read. Helps: another way to get one: `spire login
   * --help`.
   */
  | 'TOKEN_NOT_FOUND'
  /**
   * An error that Spire didn't foresee: a defect. Helps: run it again with `DEBUG=spire`, and
   * report what it prints.
   */
  | 'UNEXPECTED'
  /**
   * The command was called wrongly: a flag, an argument, or two that don't go together. Helps: the
   * message says what was expected; `--help` shows examples.
   */
  | 'USAGE';

/**
 * The error of this package: a stable `code`, and in `suggestions` what to do next.
 *
 * @example
 * throw new CliError('USAGE', 'Name a workflow.', ['spire workflows get spire_adobe_30']);
 */
export class CliError extends Error {
  readonly code: CliErrorCode;
  readonly suggestions: readonly string[];

  constructor(code: CliErrorCode, message: string, suggestions: readonly string[] = []) {
    super(message);
    this.name = 'CliError';
    this.code = code;
    this.suggestions = suggestions;
  }
}
