import type { PgAdminImport } from '../services/pgadmin/import-servers.ts';

/** How a file is imported by hand. */
export const THREE_CLICKS =
  'Tools > Import/Export Servers..., choose the file, tick the servers and Finish.';

/** What came of an import, a line for each kind. */
export function renderImport({ added, kept, different }: PgAdminImport, group: string): string {
  const line = (names: readonly string[], text: string) =>
    names.length > 0 ? [`${text}: ${names.join(', ')}.`] : [];
  return [
    ...line(added, `Added to pgAdmin, in the group ${group}`),
    ...line(kept, 'pgAdmin has already'),
    ...line(different, 'pgAdmin has others of this name, which lead elsewhere'),
    ...(different.length > 0
      ? ['  -> Remove those in pgAdmin and call this again, or name another group with --group.']
      : []),
    ...(added.length > 0 ? ['Where it is open, restart it to see them.'] : []),
  ].join('\n');
}
