import { canonicalText } from './canonical-text.ts';
import type { Catalogue, CatalogueObject } from './catalogue.ts';
import type { Difference, Step } from './difference.ts';
import type { Change } from './kind.ts';
import { kindNames, kindOf } from './kinds.ts';
import { Side } from './side.ts';

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
    return one !== other && comparable(attribute, one) !== comparable(attribute, other);
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
