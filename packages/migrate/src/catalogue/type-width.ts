/** What each type fits into without loss, apart from itself. Lengths are looked at separately. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  smallint: ['integer', 'bigint', 'numeric', 'text', 'real', 'double precision'],
  integer: ['bigint', 'numeric', 'text', 'double precision'],
  bigint: ['numeric', 'text'],
  real: ['double precision'],
  numeric: ['numeric', 'text'],
  'character varying': ['character varying', 'text'],
  text: ['character varying'],
  character: ['text'],
  uuid: ['text'],
  date: ['timestamp without time zone'],
  json: ['text', 'jsonb'],
  jsonb: ['json', 'text'],
};

/**
 * Whether every value of a type fits into another.
 *
 * @example
 * fitsInto('character varying(50)', 'text'); // true
 */
export function fitsInto(from: string, to: string): boolean {
  if (from === to) return true;
  const [narrow, wide] = [split(from), split(to)];
  if (!WIDER[narrow.name]?.includes(wide.name)) return false;
  if (wide.sizes.length === 0) return true;
  if (narrow.sizes.length === 0 || narrow.name !== wide.name) return false;
  const [size = 0, scale = 0] = narrow.sizes;
  const [wideSize = 0, wideScale = 0] = wide.sizes;
  return wideScale >= scale && wideSize - wideScale >= size - scale;
}

function split(type: string): { name: string; sizes: number[] } {
  const [, name = type, sizes] = /^([^(]+)\(([\d,-]+)\)$/.exec(type) ?? [];
  return { name, sizes: sizes ? sizes.split(',').map(Number) : [] };
}
