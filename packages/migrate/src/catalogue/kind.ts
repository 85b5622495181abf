import type { Client } from '../client.ts';
import type { CatalogueObject, ObjectKind } from './catalogue.ts';
import type { Step } from './difference.ts';

/** How an object became another: in words, and what leads back. */
export interface Change {
  /** Each: what is, and what should be. */
  readonly words: readonly string[];
  readonly steps: readonly Step[];
  /** The `ref` of what views must let go of meanwhile. */
  readonly disturbs?: readonly string[];
  /** The `ref` of a column that is dropped and made again: its indexes and constraints go with it. */
  readonly remakes?: string;
}

/** All that is known about one kind of object. */
export interface Kind<Attributes> {
  /** Reads all of a database in one query, in a neutral session. */
  read(client: Client): Promise<CatalogueObject<Attributes>[]>;
  /** Such as `index x on history`. */
  describe(object: CatalogueObject<Attributes>): string;
  /** @param parts what goes away with it; a kind makes those itself that can't wait. */
  create(
    object: CatalogueObject<Attributes>,
    parts: readonly CatalogueObject[],
    major: number,
  ): Step[];
  drop(object: CatalogueObject<Attributes>): Step[];
  /** @param differs whether an attribute does. */
  change(
    expected: CatalogueObject<Attributes>,
    actual: CatalogueObject<Attributes>,
    differs: (attribute: keyof Attributes) => boolean,
    major: number,
  ): Change;
}

/** An object as it is read, with what all of its kind have in common filled in. */
export function object<Attributes>(
  kind: ObjectKind,
  identity: readonly unknown[],
  rest: Pick<CatalogueObject<Attributes>, 'name' | 'ref' | 'quoted' | 'attributes'> &
    Partial<CatalogueObject<Attributes>>,
): CatalogueObject<Attributes> {
  return {
    kind,
    id: JSON.stringify([kind, ...identity]),
    uses: [],
    covers: [],
    level: 0,
    inherited: false,
    ...rest,
  };
}
