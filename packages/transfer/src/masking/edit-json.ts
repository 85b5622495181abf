import type { JsonMask, TargetValue } from '@spire/schema';
import { sqlLiteral } from '../sql-literal.ts';
import { type Edit, MASKED, replacedBy, UNMARK } from './edit.ts';
import { LEVELS, marking, removal, rewriting, TOO_DEEP } from './json-members.ts';
import type { MaskTerms } from './mask-terms.ts';
import { assignment, FROM_TEXTS, MARK_ESCAPES } from './text-edits.ts';

/**
 * SQL: JSON, edited as a text, and what is JSON in its texts too. Postgres' own functions reach only places that
 * are known beforehand, and fail where a list stands in an object's place and for `json` that `jsonb` can't hold.
 *
 * @param json SQL of a `json` or `jsonb`. The result is a text.
 */
export function editedJson(
  json: string,
  mask: JsonMask,
  terms: Pick<MaskTerms, 'own' | 'target'>,
): string {
  return editsOf(mask, terms).reduce(
    (text, [pattern, replacement]) =>
      `regexp_replace(${text}, ${sqlLiteral(pattern)}, ${sqlLiteral(replacement)}, 'gi')`,
    `${json}::text`,
  );
}

/** Postgres keeps 32 expressions compiled: with more, each would be compiled for each row. */
export function editsOf(
  { removed, rewritten }: JsonMask,
  { own = {}, target }: Pick<MaskTerms, 'own' | 'target'>,
): Edit[] {
  const values = Object.entries(rewritten) as [TargetValue, readonly string[]][];
  const gone = values.flatMap(([value, names]) => (target[value] === undefined ? names : []));
  const names = [...removed.flatMap((group) => group.names), ...gone];
  const changed = values.flatMap(([value, names]) =>
    target[value] === undefined ? [] : [[names, target[value]] as const],
  );
  return [
    marking(names),
    ...LEVELS.flatMap((level) => [
      removal(level),
      ...changed.map(([names, value]) => rewriting(names, value, level)),
    ]),
    TOO_DEEP,
    UNMARK,
    MARK_ESCAPES,
    assignment(names),
    ...changed.map(([names, value]) => assignment(names, value)),
    ...FROM_TEXTS,
    ...Object.entries(own).flatMap(([value, text]) => ownText(text, target[value as TargetValue])),
    UNMARK,
  ];
}

/** A name that says no more than: here. */
const HERE = /^(?:localhost|127\.|::1|\[::1\]|\/)/;

/** What the source calls its own, wherever it stands in a text. */
function ownText(text: string | undefined, value: string | undefined): Edit[] {
  if (!text || HERE.test(text)) return [];
  const literal = text.replaceAll(/[^\w/-]/g, '\\$&');
  return [
    [
      String.raw`(?<![\w.-])${literal}(?![\w-]|\.\w)`,
      replacedBy(JSON.stringify(value ?? MASKED).slice(1, -1)),
    ],
  ];
}
