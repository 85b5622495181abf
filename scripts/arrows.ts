/** What a package may import of the others, and which libraries it may not. */
export interface Arrows {
  readonly may: readonly string[];
  /** More that its tests may import. */
  readonly testsMay?: readonly string[];
  /** Libraries that would break its promise. */
  readonly never?: readonly string[];
}

/** The arrows of the house, as ARCHITECTURE.md draws them. Any package's tests may use `servers`. */
export const ARROWS: Readonly<Record<string, Arrows>> = {
  schema: { may: [], never: ['pg', 'node-vault', '@oclif/core'] },
  access: { may: [], never: ['pg', 'drizzle-orm', '@oclif/core'] },
  servers: { may: [], never: ['drizzle-orm', '@oclif/core'] },
  migrate: { may: ['schema'], never: ['pg', 'node-vault', '@oclif/core'] },
  sdk: { may: ['schema', 'access'], testsMay: ['migrate'], never: ['@oclif/core'] },
  transfer: {
    may: ['schema', 'migrate'],
    testsMay: [],
    never: ['pg', 'node-vault', '@oclif/core'],
  },
  cli: { may: ['schema', 'access', 'migrate', 'sdk', 'transfer', 'servers'] },
};
