import type { Mask } from '@spire/schema';
import { sqlLiteral } from '../sql-literal.ts';
import type { Column } from '../structure.ts';
import { editedJson } from './edit-json.ts';
import { keyedHash } from './mask-secret.ts';
import type { MaskTerms } from './mask-terms.ts';
import { pausedSchedule } from './pause-schedule.ts';

/** JSON whose only texts are the names of keys. */
const FIGURES = sqlLiteral(String.raw`^(?:[^"]|"\w+":)*$`);

const UNPLAIN = sqlLiteral(String.raw`\W`);

/** SQL: what comes in the place of a column's value; of the column's type, and never too long for it. */
export function maskedValue(column: Column, mask: Mask, terms: MaskTerms): string {
  const value = `t.${column.quoted}`;
  if (mask === 'keep') return value;
  if (mask.method === 'pause' && terms.live) return value;
  // Casting to a type with a length cuts off what is longer.
  return `(${masked(value, column, mask, terms)})::${column.type}`;
}

function masked(
  value: string,
  { type }: Column,
  mask: Exclude<Mask, 'keep'>,
  { target }: MaskTerms,
): string {
  switch (mask.method) {
    case 'null':
      return 'null';
    case 'empty':
      return `case when ${value} is not null then '{}'::${type} end`;
    case 'figures':
      return figuresOf(value);
    case 'number':
      // 53 bits.
      return `('x' || left(${keyedHash(value)}, 14))::bit(56)::bigint >> 3`;
    case 'label':
      return `${sqlLiteral(`${mask.prefix} `)} || left(${keyedHash(value)}, 16)`;
    case 'json':
      return editedJson(value, mask, target);
    case 'pause':
      return type === 'boolean' ? 'false' : pausedSchedule(value);
  }
}

/** Where there is a text, only figures at the top stay: looking for those below takes too long. */
function figuresOf(value: string): string {
  return `case
    when ${value}::text ~ ${FIGURES} then ${value}
    when jsonb_typeof(${value}) = 'object' then ${value} - array(
      select key from jsonb_object_keys(${value}) as keys (key)
      where jsonb_typeof(${value} -> key) in ('string', 'array', 'object') or key ~ ${UNPLAIN})
    else '{}'
  end`;
}
