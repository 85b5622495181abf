import type { Catalogue, CatalogueObject } from './catalogue.ts';
import { type GrantAttributes, withoutMaintain } from './grants.ts';

/** One of two catalogues, with what belongs to what. */
export class Side {
  readonly objects: ReadonlyMap<string, CatalogueObject>;
  readonly major: number;
  readonly #byRef = new Map<string, CatalogueObject>();
  readonly #parts = new Map<string, CatalogueObject[]>();

  constructor({ objects, major }: Catalogue, oldest: number) {
    this.major = major;
    const kept = [...objects.values()].flatMap((one): CatalogueObject[] => {
      if (one.kind !== 'grant' || oldest >= 17) return [one];
      const rest = withoutMaintain(one as CatalogueObject<GrantAttributes>);
      return rest ? [rest] : [];
    });
    this.objects = new Map(kept.map((one) => [one.id, one]));
    for (const one of this.objects.values()) {
      this.#byRef.set(one.ref, one);
      if (one.owner === undefined) continue;
      const parts = this.#parts.get(one.owner);
      if (parts) parts.push(one);
      else this.#parts.set(one.owner, [one]);
    }
  }

  /** Everything that goes away with an object. */
  partsOf({ ref }: CatalogueObject): CatalogueObject[] {
    const parts = this.#parts.get(ref) ?? [];
    return parts.flatMap((part) => [part, ...this.partsOf(part)]);
  }

  /** The same column in the tables that its table inherits from. */
  parentsOf({ owner = '', quoted }: CatalogueObject): CatalogueObject[] {
    const parents = (this.#byRef.get(owner)?.attributes.parents ?? []) as string[];
    return parents
      .map((parent) => this.#byRef.get(`${parent}.${quoted}`))
      .filter((one) => one !== undefined);
  }

  /** Whether an object is told with what it goes away with, or with the parent that gave it. */
  comesWithAnother(one: CatalogueObject, absent: (one: CatalogueObject) => boolean): boolean {
    if (one.inherited && one.kind !== 'column') return true;
    const owner = one.owner === undefined ? undefined : this.#byRef.get(one.owner);
    if (owner && (absent(owner) || this.comesWithAnother(owner, absent))) return true;
    return one.kind === 'column' && one.inherited && this.parentsOf(one).some(absent);
  }

  /** The views and foreign keys that stand on any of these, directly or not. */
  usersOf(refs: readonly string[]): CatalogueObject[] {
    const users = new Set<CatalogueObject>();
    const reached = new Set(refs);
    for (let before = -1; before < users.size; ) {
      before = users.size;
      for (const one of this.objects.values()) {
        const isView = one.kind.endsWith('view');
        if (!isView && (one.kind !== 'constraint' || one.inherited)) continue;
        if (!(isView && reached.has(one.ref)) && !one.uses.some((ref) => reached.has(ref)))
          continue;
        users.add(one);
        reached.add(one.ref);
      }
    }
    return [...users];
  }
}
