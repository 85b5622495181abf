import { AccessError } from '../errors.ts';

/** Something that is named by its id or its name. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

const MAX_SUGGESTIONS = 10;

/**
 * The one that is wanted, by id or name; the only one where none is.
 *
 * @param words what they are (`cluster`), how one is named (`--cluster`), and where they were looked for.
 * @throws AccessError `RUNTIME_NOT_FOUND`, suggesting names, or ids where names are ambiguous.
 */
export function pickOne<T extends Named>(
  all: readonly T[],
  wanted: string | undefined,
  words: { readonly kind: string; readonly flag: string; readonly where: string },
): T {
  const exact = all.find(({ id }) => id === wanted);
  const matching = wanted ? all.filter(({ name }) => name === wanted) : all;
  const only = exact ?? (matching.length === 1 ? matching[0] : undefined);
  if (only) return only;
  const { kind, flag, where } = words;
  const called = wanted ? ` called ${wanted}` : '';
  const message =
    matching.length === 0
      ? `${where} shows no ${kind}${called}.`
      : `${where} has ${matching.length} ${kind}s${called}.`;
  const suggested = (matching.length === 0 ? all : matching).slice(0, MAX_SUGGESTIONS);
  throw new AccessError('RUNTIME_NOT_FOUND', message, {
    suggestions:
      suggested.length > 0
        ? suggested.map((one) => `Name one: ${flag} ${quoted(handleOf(one, all))}`)
        : ['Check its name, and whether the token may see it.'],
  });
}

function handleOf({ id, name }: Named, all: readonly Named[]): string {
  const isUnique = all.filter((other) => other.name === name).length === 1;
  return name && isUnique ? name : id;
}

/** As a shell wants it, and with no control character that the terminal would obey. */
function quoted(text: string): string {
  return /^[\w.:@/-]+$/.test(text) ? text : JSON.stringify(text);
}
