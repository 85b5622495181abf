const LITERAL = `'(?:[^']|'')*'`;
const TYPE = '[a-z][a-z ]*(?:\\(\\d+\\))?';

/** `(ARRAY['a'::character varying, ...])::text[]`, as it is printed before its first dump. */
const ELEMENT = `(?:(?:${LITERAL}|NULL)::${TYPE}|[a-z_][a-z0-9_.]*)`;
const castArray = new RegExp(
  `\\(ARRAY\\[(${ELEMENT}(?:, ${ELEMENT})*)\\]\\)::(${TYPE})\\[\\]`,
  'g',
);
const element = new RegExp(ELEMENT, 'g');

/** A quoted name that needs no quotes unless a version made it a word of its own. */
const quotedName = new RegExp(`(${LITERAL})|"([a-z_][a-z0-9_]*)"`, 'g');

/**
 * A definition as it is compared: what Postgres prints in two ways for the same thing becomes the
 * same. Those are names that only some versions quote, and lists of texts, which change when a dump
 * is restored.
 */
export function canonicalText(definition: string): string {
  return definition
    .replace(quotedName, (_, literal?: string, name?: string) => literal ?? name ?? '')
    .replace(castArray, (_, elements: string, type: string) => {
      const each = elements.match(element) ?? [];
      return `ARRAY[${each.map((one) => `(${one})::${type}`).join(', ')}]`;
    });
}
