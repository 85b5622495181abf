import { sqlLiteral } from '../sql-literal.ts';

/** JSON whose only texts are the names of keys. */
const FIGURES = sqlLiteral(String.raw`^(?:[^"]|"\w+":)*$`);

/**
 * SQL: JSON without the keys at its top under which there is a text, and without names that may tell something.
 * What isn't an object is empty, if there is a text in it.
 *
 * To look at each key takes five times as long as to copy the row. Most rows have their texts where others have
 * them: a few of those are looked at first, and when nothing but figures is left without their keys, that will do.
 *
 * @param table SQL of the table.
 * @param column its column, a `jsonb`.
 */
export function figuresOf(table: string, column: string): string {
  const value = `t.${column}`;
  const usual = `(select coalesce(array_agg(distinct key), '{}')
    from ${table} as others tablesample system (0.1) repeatable (1), ${tellingKeys(`others.${column}`)})`;
  return `case
    when ${value}::text ~ ${FIGURES} then ${value}
    when jsonb_typeof(${value}) is distinct from 'object' then '{}'
    when (${value} - ${usual})::text ~ ${FIGURES} then ${value} - ${usual}
    else ${value} - array(select key from ${tellingKeys(value)})
  end`;
}

function tellingKeys(value: string): string {
  return `lateral (
    select key from jsonb_each(case when jsonb_typeof(${value}) = 'object' then ${value} end)
    where value::text !~ ${FIGURES} or key ~ ${sqlLiteral(String.raw`\W`)}) as telling`;
}
