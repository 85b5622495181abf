import { type SQL, sql } from 'drizzle-orm';
import { type AnyPgColumn, check, text } from 'drizzle-orm/pg-core';
import { STAGES } from '../stage.ts';

/** The column that names a stage. Its table also needs `stageCheck`. */
export const stageColumn = () => text('stage', { enum: STAGES }).notNull();

/** Lets only the names of stages in, where an enum type could never lose a name again. */
export const stageCheck = (table: string, column: AnyPgColumn) =>
  check(`${table}_stage_check`, sql`${column} in (${literals(STAGES)})`);

/** Texts as SQL literals: a constraint can't hold parameters. The texts are ours, without quotes. */
export function literals(texts: readonly string[]): SQL {
  return sql.raw(texts.map((text) => `'${text}'`).join(', '));
}
