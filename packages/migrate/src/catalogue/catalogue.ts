/** What kind of thing is compared. What is `unknown` is only named, and never made or changed. */
export type ObjectKind =
  | 'schema'
  | 'table'
  | 'column'
  | 'type'
  | 'constraint'
  | 'index'
  | 'view'
  | 'materialized view'
  | 'sequence'
  | 'grant'
  | 'unknown';

/** One thing of a database, such as a column. */
export interface CatalogueObject<Attributes = Readonly<Record<string, unknown>>> {
  readonly kind: ObjectKind;
  /** For people: with its schema unless that is `public`, never quoted. */
  readonly name: string;
  /** The table or view that it is a part of, for people. */
  readonly table?: string;
  /** The same in every database for the same thing, whatever its server quotes. */
  readonly id: string;
  /** What SQL calls it: quoted and with its schema. For a part of a table: after the table's. */
  readonly ref: string;
  /** Its own name as SQL writes it, without schema. */
  readonly quoted: string;
  /** The `ref` of what it goes away with, such as a constraint's table. */
  readonly owner?: string;
  /** The `ref` of each thing that must be there before it. */
  readonly uses: readonly string[];
  /** The `ref` of each column without which it can't be: an index's, a constraint's. */
  readonly covers: readonly string[];
  /** How many things of its kind are below it: what it uses has less. */
  readonly level: number;
  /** It came from a parent table, which is compared instead. */
  readonly inherited: boolean;
  /** Everything that is compared. */
  readonly attributes: Attributes;
}

/** Everything that is compared, by identity. */
export interface Catalogue {
  readonly objects: ReadonlyMap<string, CatalogueObject>;
  /** The major version of the server that it was read from, such as 18. */
  readonly major: number;
}

/** How people call something: its schema is said unless it is `public`. */
export function shownName(schema: string, name: string): string {
  return schema === 'public' ? name : `${schema}.${name}`;
}
