import type { Mask } from '@spire/schema';
import { sqlLiteral } from '../sql-literal.ts';
import type { Column } from '../structure.ts';
import { editedJson } from './edit-json.ts';
import { figuresOf } from './figures-of.ts';
import { keyedHash } from './mask-secret.ts';
import type { MaskTerms } from './mask-terms.ts';
import { pausedSchedule } from './pause-schedule.ts';

/**
 * SQL: what comes in the place of a column's value; of the column's type, and never too long for it.
 *
 * @param table SQL of the table, which is read as `t`.
 */
export function maskedValue(table: string, column: Column, mask: Mask, terms: MaskTerms): string {
  const value = `t.${column.quoted}`;
  if (mask === 'keep') return value;
  if (mask.method === 'pause' && terms.live) return value;
  // Casting to a type with a length cuts off what is longer.
  return `(${masked(table, value, column, mask, terms)})::${column.type}`;
}

function masked(
  table: string,
  value: string,
  { quoted, type }: Column,
  mask: Exclude<Mask, 'keep'>,
  terms: MaskTerms,
): string {
  switch (mask.method) {
    case 'null':
      return 'null';
    case 'empty':
      return `case when ${value} is not null then '{}'::${type} end`;
    case 'figures':
      return figuresOf(table, quoted);
    case 'number':
      // 53 bits.
      return `('x' || left(${keyedHash(value)}, 14))::bit(56)::bigint >> 3`;
    case 'label':
      return `${sqlLiteral(`${mask.prefix} `)} || left(${keyedHash(value)}, 16)`;
    case 'json':
      return editedJson(value, mask, terms);
    case 'pause':
      return type === 'boolean' ? 'false' : pausedSchedule(value);
  }
}
