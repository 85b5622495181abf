import type { Client } from '../client.ts';
import type { Catalogue, CatalogueObject } from './catalogue.ts';
import { inNeutralSession, readMajor } from './neutral-session.ts';
import { type ViewAttributes, viewDefinition } from './views.ts';

/**
 * Prints the queries of views as another server does, since each major version has its own way:
 * makes them there, in a transaction that is rolled back. A view that can't be made there keeps its
 * text. Does nothing between servers of one major version.
 *
 * @param shadow the database that has what is expected, outside a transaction.
 * @param actual what was read from the other one.
 * @example
 * const matched = await matchViews(shadow, await readCatalogue(live));
 */
export async function matchViews(shadow: Client, actual: Catalogue): Promise<Catalogue> {
  const views = [...actual.objects.values()]
    .filter((one): one is CatalogueObject<ViewAttributes> => one.kind.endsWith('view'))
    .sort((one, other) => one.level - other.level);
  if (views.length === 0 || (await readMajor(shadow)) === actual.major) return actual;
  const objects = new Map(actual.objects);
  await inNeutralSession(shadow, async () => {
    await shadow.query('begin');
    try {
      for (const view of views) {
        const definition = await reprint(shadow, view).catch(() => undefined);
        if (definition === undefined) continue;
        objects.set(view.id, { ...view, attributes: { ...view.attributes, definition } });
      }
    } finally {
      await shadow.query('rollback');
    }
  });
  return { ...actual, objects };
}

async function reprint(
  shadow: Client,
  { kind, ref, attributes }: CatalogueObject<ViewAttributes>,
): Promise<string> {
  await shadow.query('savepoint view');
  try {
    await shadow.query(`drop ${kind} if exists ${ref} cascade`);
    await shadow.query(
      `create ${kind} ${ref} as\n${attributes.definition}${kind === 'view' ? '' : '\nwith no data'}`,
    );
    const { rows } = await shadow.query(`select ${viewDefinition('$1::regclass')} as definition`, [
      ref,
    ]);
    return String(rows[0]?.definition);
  } catch (error) {
    await shadow.query('rollback to view');
    throw error;
  }
}
