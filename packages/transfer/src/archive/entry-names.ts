/** The entries that each archive has beside the rows. */
export const ENTRY = {
  header: 'spire-backup.json',
  schema: 'schema.sql',
  indexes: 'indexes.sql',
  restore: 'restore.sql',
  checksums: 'checksums.json',
} as const;

/**
 * Where a part of a table's rows stands.
 *
 * @param part from 1 on.
 * @example
 * partName('public', 'history', 2); // data/history.002.copy
 */
export function partName(schema: string, table: string, part: number): string {
  return `${stem(schema, table)}.${String(part).padStart(3, '0')}.copy`;
}

/** Whether an entry holds rows of a table. */
export function isPartOf(entry: string, schema: string, table: string): boolean {
  const start = `${stem(schema, table)}.`;
  return entry.startsWith(start) && /^\d{3,}\.copy$/.test(entry.slice(start.length));
}

function stem(schema: string, table: string): string {
  // What a file may not be called, or a line of psql can't hold.
  const safe = (name: string) => encodeURIComponent(name).replaceAll("'", '%27');
  return ['data', ...(schema === 'public' ? [] : [safe(schema)]), safe(table)].join('/');
}
