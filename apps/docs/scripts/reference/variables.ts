/** What is read besides the values of an environment, which `@spire/access` has in its own table. */
export interface Setting {
  readonly name: string;
  readonly means: string;
  /** What holds without it, in words or in code. */
  readonly without?: string;
  /** Who reads it, where that is no package of Spire's. */
  readonly by?: string;
}

/** The process variables, by what they are for. */
export const VARIABLES: Readonly<Record<string, readonly Setting[]>> = {
  'Which environment': [
    {
      name: 'SPIRE_ENVIRONMENT',
      means: 'the environment to work on',
      without: '`DEPLOYMENT_ENV`, else the config file',
    },
    {
      name: 'DEPLOYMENT_ENV',
      means:
        'the environment that the variables of this process belong to, and the one to work on. In a section of the config file it is compared with the name of the section',
      without: 'the config file chooses, and variables only fill gaps',
    },
    {
      name: 'SPIRE_CONFIG_DIR',
      means: "the directory of Spire's files: config, logins, local data, backups",
      without: '`~/.spire`',
    },
  ],
  'Databricks and Astronomer': [
    { name: 'DATABRICKS_HOST', means: 'the workspace whose variables are read' },
    { name: 'DATABRICKS_TOKEN', means: 'a token for it' },
    {
      name: 'DATABRICKS_CLIENT_ID',
      means: 'the service principal that reads, in place of a token',
    },
    { name: 'DATABRICKS_CLIENT_SECRET', means: 'its secret' },
    {
      name: 'DATABRICKS_CONFIG_PROFILE',
      means: "a profile of Databricks' own config file",
      without: "Spire's config file, else the default profile",
    },
    {
      name: 'DATABRICKS_CONFIG_FILE',
      means: 'where that file is',
      without: '`~/.databrickscfg`',
    },
    {
      name: 'ASTRO_API_TOKEN',
      means: 'a token of the organization, the workspace or the deployment',
    },
    { name: 'ASTRO_API_URL', means: "Astronomer's address", without: '`api.astronomer.io`' },
    { name: 'ASTRO_DOMAIN', means: 'the domain of a private one, in place of the address' },
    {
      name: 'ASTRO_ORGANIZATION_ID',
      means: 'the organization, by id or name',
      without: 'the only one',
    },
  ],
  'The command': [
    {
      name: 'SPIRE_SHADOW_URL',
      means: 'an empty database to replay migrations in',
      without: 'a Postgres of its own is started',
    },
    {
      name: 'SPIRE_MASK_SECRET',
      means: 'the secret behind masked labels and numbers, so that two copies agree',
      without: 'a new random one for each copy',
    },
    {
      name: 'SPIRE_BACKUP_PASSPHRASE',
      means: 'the passphrase of archives',
      without: 'it is asked for',
    },
    { name: 'GITHUB_ACTOR', means: 'who is written into the ledger', without: "the system's user" },
    { name: 'DEBUG', means: 'print where an unexpected error came from, with `DEBUG=spire`' },
    {
      name: 'NO_COLOR',
      means: 'no colours',
      without: 'colours on a terminal',
      by: 'Node',
    },
    { name: 'FORCE_COLOR', means: 'colours wherever it prints', by: 'Node' },
  ],
  'Set by the system': [
    { name: 'HOME', means: 'where `~` is', without: "the user's home" },
    { name: 'PATH', means: 'where programs are' },
    { name: 'LD_LIBRARY_PATH', means: 'given on to Postgres' },
    {
      name: 'INIT_CWD',
      means: "where `pnpm spire` was called: relative paths start there; pnpm's",
    },
    { name: 'npm_lifecycle_event', means: "whether pnpm runs this; pnpm's" },
  ],
};

/** Keys of the config file that are no variables too. */
export const CONFIG_KEYS: readonly Setting[] = [
  {
    name: 'active_env',
    means: 'the environment to work on, written by `spire env use`; never production',
  },
  {
    name: 'environments',
    means: 'the sections of the environments stand below it, or at the top',
  },
  {
    name: 'protected',
    means: 'whether writes ask for its name',
    without: 'production alone is protected',
  },
  { name: 'contacts', means: 'whom to ask for access, a text or a list' },
];
