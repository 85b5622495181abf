import { canonicalText } from './canonical-text.ts';
import type { Catalogue, CatalogueObject } from './catalogue.ts';
import type { Difference, Step } from './difference.ts';
import { type GrantAttributes, withoutMaintain } from './grants.ts';
import type { Change } from './kind.ts';
import { kindNames, kindOf } from './kinds.ts';

/**
 * Finds where an actual database isn't what is expected. What goes away with something else is told
 * with it: a table that is missing is one difference, whatever its columns and indexes.
 *
 * @returns by kind, table and name; empty when both are equal.
 * @example
 * const differences = compareCatalogues(await readCatalogue(shadow), await readCatalogue(live));
 */
export function compareCatalogues(expected: Catalogue, actual: Catalogue): Difference[] {
  return new Comparison(expected, actual).differences();
}

class Comparison {
  readonly #expected: Side;
  readonly #actual: Side;
  readonly #sameMajor: boolean;

  constructor(expected: Catalogue, actual: Catalogue) {
    const oldest = Math.min(expected.major, actual.major);
    this.#expected = new Side(expected, oldest);
    this.#actual = new Side(actual, oldest);
    this.#sameMajor = expected.major === actual.major;
  }

  differences(): Difference[] {
    const found = [
      ...this.#absent(this.#expected, this.#actual, 'missing'),
      ...this.#absent(this.#actual, this.#expected, 'extra'),
      ...this.#changed(),
    ];
    return found.sort(
      (one, other) =>
        kindNames.indexOf(one.kind) - kindNames.indexOf(other.kind) ||
        compareText(one.table ?? '', other.table ?? '') ||
        compareText(one.name, other.name) ||
        compareText(one.words, other.words),
    );
  }

  #absent(there: Side, elsewhere: Side, change: 'missing' | 'extra'): Difference[] {
    const absent = (one: CatalogueObject) => !elsewhere.objects.has(one.id);
    return [...there.objects.values()]
      .filter((one) => absent(one) && !there.comesWithAnother(one, absent))
      .map((one) => {
        const steps = change === 'missing' ? this.#create(one) : this.#drop(one);
        return difference(one, change, absenceInWords(one, change), steps);
      });
  }

  #changed(): Difference[] {
    return [...this.#expected.objects.values()].flatMap((want) => {
      const is = this.#actual.objects.get(want.id);
      // What a parent table gave is compared there; whether it gives is the table's matter.
      if (!is || (want.kind !== 'column' && (want.inherited || is.inherited))) return [];
      const differs = (attribute: string) =>
        this.#differs(want, is, attribute) && !this.#differsAbove(want, is, attribute);
      if (!Object.keys(want.attributes).some(differs)) return [];
      const change = kindOf(want.kind).change(want, is, differs, this.#actual.major);
      if (change.words.length === 0) return [];
      const steps = [...change.steps, ...this.#around(change)];
      return [difference(want, 'changed', change.words.join('; '), steps)];
    });
  }

  #differs(want: CatalogueObject, is: CatalogueObject, attribute: string): boolean {
    if (attribute === 'query' && !this.#sameMajor) return false;
    const [one, other] = [want.attributes[attribute], is.attributes[attribute]];
    return comparable(attribute, one) !== comparable(attribute, other);
  }

  /** Whether an inherited column differs in the way in which its parent's does. */
  #differsAbove(want: CatalogueObject, is: CatalogueObject, attribute: string): boolean {
    if (want.kind !== 'column' || !want.inherited || !is.inherited) return false;
    return this.#expected.parentsOf(want).some((parent) => {
      const other = this.#actual.objects.get(parent.id);
      return (
        other !== undefined &&
        comparable(attribute, parent.attributes[attribute]) ===
          comparable(attribute, want.attributes[attribute]) &&
        comparable(attribute, other.attributes[attribute]) ===
          comparable(attribute, is.attributes[attribute])
      );
    });
  }

  /** Makes something that is missing, with what goes away with it. */
  #create(one: CatalogueObject): Step[] {
    const parts = this.#expected.partsOf(one);
    const steps = kindOf(one.kind).create(one, parts, this.#actual.major);
    if (steps.length === 0) return [];
    const others = parts.filter(({ kind, inherited }) => kind !== 'column' && !inherited);
    return [
      ...steps,
      ...others.flatMap((part) => kindOf(part.kind).create(part, [], this.#actual.major)),
    ];
  }

  /** Drops something that is extra, after the foreign keys that refer to it. */
  #drop(one: CatalogueObject): Step[] {
    const keys = this.#actual.partsOf(one).filter(({ kind }) => kind === 'constraint');
    const users = this.#actual.usersOf(keys.map(({ ref }) => ref));
    return [...users.filter(({ owner }) => owner !== one.ref), one].flatMap((gone) =>
      kindOf(gone.kind).drop(gone),
    );
  }

  /** What a change has to get past, or takes along: dropped before, made again afterwards. */
  #around({ disturbs = [], remakes }: Change): Step[] {
    const parts = [...this.#actual.objects.values()].filter(
      ({ covers, inherited }) => remakes !== undefined && covers.includes(remakes) && !inherited,
    );
    return [...this.#actual.usersOf(disturbs), ...parts].flatMap((one) => {
      const want = this.#expected.objects.get(one.id);
      return [...kindOf(one.kind).drop(one), ...(want ? this.#create(want) : [])];
    });
  }
}

/** One of two catalogues, with what belongs to what. */
class Side {
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

function comparable(attribute: string, value: unknown): string {
  const text = JSON.stringify(value);
  if (attribute === 'labels') return text;
  return JSON.stringify(value, (_, part) =>
    typeof part === 'string' ? canonicalText(part) : part,
  );
}

function absenceInWords(one: CatalogueObject, change: 'missing' | 'extra'): string {
  if (one.kind === 'column') {
    const column = `${one.name} (${one.attributes.type})`;
    return change === 'missing'
      ? `table ${one.table} lacks the column ${column}`
      : `table ${one.table} has a column ${column}, which the migrations don't make`;
  }
  const what = kindOf(one.kind).describe(one);
  if (change === 'missing') return `the ${what} is missing`;
  return `there is ${/^[aeiou]/.test(what) && !what.startsWith('unique') ? 'an' : 'a'} ${what}, which the migrations don't make`;
}

function difference(
  { kind, name, table }: CatalogueObject,
  change: Difference['change'],
  words: string,
  steps: readonly Step[],
): Difference {
  const ordered = steps.toSorted((one, other) => one.order - other.order);
  return {
    kind,
    name,
    ...(table === undefined ? {} : { table }),
    change,
    words: words.replace(/\bpublic\./g, ''),
    sql: ordered.map(({ sql }) => sql),
    losesData: ordered.some(({ losesData }) => losesData),
    steps: ordered,
  };
}

const compareText = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
