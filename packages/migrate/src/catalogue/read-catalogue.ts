import type { Client } from '../client.ts';
import type { Catalogue, CatalogueObject } from './catalogue.ts';
import { kindNames, kindOf } from './kinds.ts';
import { inNeutralSession, readMajor } from './neutral-session.ts';

/**
 * Reads everything that is compared, with a query a kind. Any role that may connect can do so; the
 * session is left as it was.
 *
 * Left out are the schemas of Postgres, of Spire (what is kept for an undo included) and of drizzle, `public.alembic_version`, what
 * extensions brought, temporary objects, owners, comments and the order of columns.
 *
 * @example
 * const catalogue = await readCatalogue(client);
 */
export async function readCatalogue(client: Client): Promise<Catalogue> {
  return inNeutralSession(client, async () => {
    const found: CatalogueObject[] = [];
    for (const kind of kindNames) found.push(...(await kindOf(kind).read(client)));
    const objects = new Map(withLevels(found).map((one) => [one.id, one]));
    return { objects, major: await readMajor(client) };
  });
}

/** Says of each object how many others are below it. */
function withLevels(objects: readonly CatalogueObject[]): CatalogueObject[] {
  const byRef = new Map(objects.map((one) => [one.ref, one]));
  const levels = new Map<string, number>();
  const levelOf = (one: CatalogueObject): number => {
    const known = levels.get(one.id);
    if (known !== undefined) return known;
    // Rules of views can make a circle.
    levels.set(one.id, 0);
    const below = one.uses.map((ref) => byRef.get(ref)).filter((used) => used !== undefined);
    const level = Math.max(one.level, ...below.map((used) => levelOf(used) + 1));
    levels.set(one.id, level);
    return level;
  };
  return objects.map((one) => ({ ...one, level: levelOf(one) }));
}
