/** One environment of the practice organisation. */
export interface PracticeEnvironment {
  readonly name: string;
  readonly database: string;
  /** Owns the tables. */
  readonly owner: string;
  /** May only read; without one, whoever reads is the owner. */
  readonly reader?: string;
  /** Where the credential for reading lies in Vault. */
  readonly readPath: string;
  /** Where the owner's credential lies in Vault. */
  readonly writePath: string;
}

const path = (name: string) => `secret/data-innovation/spire/${name}/db`;

/** The three environments, with the users that the organisation gave them. */
export const PRACTICE_ENVIRONMENTS: readonly PracticeEnvironment[] = [
  {
    name: 'production',
    database: 'spire_production',
    owner: 'spireprod',
    reader: 'spireprod_reader',
    readPath: path('production'),
    writePath: `${path('production')}-write`,
  },
  {
    name: 'staging',
    database: 'spire_staging',
    owner: 'spirestage',
    reader: 'spirestage_reader',
    readPath: path('staging'),
    writePath: `${path('staging')}-write`,
  },
  {
    name: 'development',
    database: 'spire_development',
    owner: 'spiredevusr',
    readPath: path('development'),
    writePath: path('development'),
  },
];

/** Who works in an environment, and where the credential of each lies in Vault. */
export function usersOf({ owner, reader, readPath, writePath }: PracticeEnvironment) {
  const writes = { user: owner, path: writePath };
  return reader ? [{ user: reader, path: readPath }, writes] : [writes];
}
