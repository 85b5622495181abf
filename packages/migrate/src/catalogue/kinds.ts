import type { CatalogueObject, ObjectKind } from './catalogue.ts';
import { columns } from './columns.ts';
import { constraints } from './constraints.ts';
import { grants } from './grants.ts';
import { indexes } from './indexes.ts';
import type { Kind } from './kind.ts';
import { schemas } from './schemas.ts';
import { sequences } from './sequences.ts';
import { tables } from './tables.ts';
import { types } from './types.ts';
import { unknownObjects } from './unknown-objects.ts';
import { materializedViews, views } from './views.ts';

const kinds = {
  schema: schemas,
  type: types,
  sequence: sequences,
  table: tables,
  column: columns,
  constraint: constraints,
  index: indexes,
  view: views,
  'materialized view': materializedViews,
  grant: grants,
  unknown: unknownObjects,
} satisfies Record<ObjectKind, unknown>;

/** All kinds, in the order in which differences are told. */
export const kindNames = Object.keys(kinds) as ObjectKind[];

/** What is known about a kind. It must be given its own objects only, which the compiler can't see. */
export function kindOf(kind: ObjectKind): Kind<CatalogueObject['attributes']> {
  return kinds[kind] as unknown as Kind<CatalogueObject['attributes']>;
}
