import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { migrationFiles, migrationsFolder, schema } from '@spire/schema';

type Kit = typeof import('drizzle-kit/api');

/** drizzle-kit comes with a checkout; the packed command does without. */
async function loadKit(): Promise<Kit | undefined> {
  try {
    return await import('drizzle-kit/api');
  } catch (error) {
    if (!/MODULE_NOT_FOUND$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return undefined;
  }
}

/**
 * What drizzle-kit makes of the Drizzle tables on an empty database.
 *
 * @returns the statements; undefined where drizzle-kit isn't installed.
 */
export async function declaredStatements(): Promise<string[] | undefined> {
  const kit = await loadKit();
  return kit?.generateMigration(kit.generateDrizzleJson({}), kit.generateDrizzleJson(schema));
}

/**
 * Compares the Drizzle tables with the newest snapshot, which is what the next migration starts from.
 *
 * @returns what differs, such as `public.workflows`; undefined where drizzle-kit isn't installed.
 */
export async function undeclaredChanges(): Promise<string[] | undefined> {
  const kit = await loadKit();
  if (!kit) return undefined;
  const newest = String(migrationFiles().at(-1)?.index).padStart(4, '0');
  const file = new URL(`meta/${newest}_snapshot.json`, migrationsFolder());
  const snapshot = JSON.parse(readFileSync(file, 'utf8'));
  const code = JSON.parse(JSON.stringify(kit.generateDrizzleJson(schema)));
  return (
    ['tables', 'enums', 'schemas', 'sequences', 'views', 'policies', 'roles'] as const
  ).flatMap((kind) => {
    const [was, is] = [snapshot[kind] ?? {}, code[kind] ?? {}];
    return [...new Set([...Object.keys(was), ...Object.keys(is)])]
      .filter((name) => !isDeepStrictEqual(was[name], is[name]))
      .sort();
  });
}
