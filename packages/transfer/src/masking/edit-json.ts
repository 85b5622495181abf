import type { JsonMask } from '@spire/schema';
import { sqlLiteral } from '../sql-literal.ts';
import type { MaskTerms } from './mask-terms.ts';

/** How deep what is removed may be nested. */
const DEPTH = 6;
const CHARACTER = String.raw`(?:[^"\\]|\\.)`;
const TEXT = `"${CHARACTER}*"`;
const VALUE = String.raw`(?:${TEXT}|[^\s",{}\[\]]+|${container(DEPTH)})`;

/** What may stand in any text: a URL's password, a parameter's, an address of e-mail. */
const ANYWHERE: readonly Edit[] = [
  [String.raw`://[^/\s"@:]*:[^/\s"]*@`, '://'],
  [
    String.raw`((?:password|passwd|passphrase|pwd|secret|token|(?:access|account|api|private|secret)[_-]?key)\w*\s*=\s*)(?:\\"(?:[^"\\]|\\[^"])*\\"|'(?:[^'"\\]|\\[^"])*'|(?:[^&;\s"\\]|\\[^"])+)`,
    String.raw`\1`,
  ],
  // The same as an argument and the one behind it.
  [
    String.raw`("--?[\w-]*(?:password|passwd|passphrase|pwd|secret|token|key)"\s*,\s*)${TEXT}(?!\s*:)`,
    String.raw`\1""`,
  ],
  [String.raw`dapi[0-9a-f]{32}(?:-\d+)?\M`, ''],
  // Where an escape such as \n stands right before it, its letter is taken along: another n is put there.
  [String.raw`\m(?!git@)[\w.+-]+@[\w-]+(?:\.[\w-]+)+`, 'nobody@example.invalid'],
];

type Edit = readonly [pattern: string, replacement: string];

/**
 * SQL: JSON, edited as a text. Postgres' own functions reach only places that are known beforehand, and fail
 * where a list stands in an object's place and for `json` that `jsonb` can't hold. What has to go and is
 * nested too deep for that takes all of the document along.
 *
 * @param json SQL of a `json` or `jsonb`. The result is a text.
 */
export function editedJson(json: string, mask: JsonMask, target: MaskTerms['target']): string {
  const rewritten = Object.entries(mask.rewritten);
  const gone = rewritten.filter(([, value]) => target[value] === undefined).map(([name]) => name);
  const names = [...mask.removed, ...gone];
  const edits = [
    removal(names),
    ...rewritten.flatMap(([name, value]) => rewriting(name, target[value])),
    ...ANYWHERE,
  ];
  const edited = edits.reduce(
    (text, [pattern, replacement]) =>
      `regexp_replace(${text}, ${sqlLiteral(pattern)}, ${sqlLiteral(replacement)}, 'gi')`,
    `${json}::text`,
  );
  // The offset keeps Postgres from editing it twice.
  return `(select case when text ~* ${sqlLiteral(keyOf(names))} then '{}' else text end
    from (select ${edited} as text offset 0) edited)`;
}

/** With the comma before it; the first of an object, with the comma behind it. */
function removal(names: readonly string[]): Edit {
  const entry = keyOf(names) + VALUE;
  return [String.raw`,\s*${entry}|${entry}\s*(?:,\s*)?`, ''];
}

function rewriting(name: string, value: string | undefined): Edit[] {
  if (value === undefined) return [];
  return [
    [`(${keyOf([name])})${VALUE}`, String.raw`\1` + JSON.stringify(value).replaceAll('\\', '\\\\')],
  ];
}

/** The colon tells a key from what stands between two texts, the backslash from what stands within one. */
function keyOf(names: readonly string[]): string {
  const alternatives = names.map((name) =>
    name.replaceAll('.', '[.]').replaceAll('*', `${CHARACTER}*`),
  );
  return String.raw`(?<!\\)"(?:${alternatives.join('|')})"\s*:\s*`;
}

function container(depth: number): string {
  const within = depth > 1 ? `|${container(depth - 1)}` : '';
  return String.raw`[{\[](?:${TEXT}|[^"{}\[\]]${within})*[}\]]`;
}
