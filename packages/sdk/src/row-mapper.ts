import { Column, is, SQL } from 'drizzle-orm';

/** What Drizzle knows of a selected value: where it goes in the row, and what reads it. */
interface SelectedField {
  readonly path: readonly string[];
  readonly field: unknown;
}

interface Decoder {
  mapFromDriverValue(value: unknown): unknown;
}

/**
 * Makes what turns the driver's rows into objects, as Drizzle does. Drizzle finds out anew for each value
 * what reads it, which costs more than the driver's own work; here that is done once for a statement.
 *
 * @returns undefined for rows with parts of their own (whole tables side by side), which stay Drizzle's.
 */
export function rowMapper(
  fields: readonly SelectedField[] | undefined,
): ((rows: readonly (readonly unknown[])[]) => unknown[]) | undefined {
  if (!fields || fields.some(({ path }) => path.length !== 1)) return undefined;
  const names = fields.map(({ path }) => String(path[0]));
  const decoders = fields.map(({ field }) => decoderOf(field));
  // Every row has the same shape from its beginning.
  const empty = Object.fromEntries(names.map((name) => [name, null as unknown]));
  return (rows) =>
    rows.map((row) => {
      const result = { ...empty };
      for (let index = 0; index < names.length; index += 1) {
        const value = row[index];
        if (value === null) continue;
        const decoder = decoders[index];
        result[names[index] as string] = decoder ? decoder.mapFromDriverValue(value) : value;
      }
      return result;
    });
}

/** @returns undefined where the driver's value is the one that is wanted. */
function decoderOf(field: unknown): Decoder | undefined {
  const { sql, _ } = field as { sql?: { decoder: Decoder }; _?: { sql?: { decoder: Decoder } } };
  const decoder: Decoder | undefined = is(field, Column)
    ? field
    : is(field, SQL)
      ? (field as unknown as { decoder: Decoder }).decoder
      : (sql ?? _?.sql)?.decoder;
  return decoder?.mapFromDriverValue === Column.prototype.mapFromDriverValue ? undefined : decoder;
}
