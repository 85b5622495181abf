import { isDeepStrictEqual } from 'node:util';
import type { Catalogue, CatalogueObject } from './catalogue/catalogue.ts';
import type { Client } from './client.ts';

/** The revision whose tables the baseline is. */
export const BASELINE_HEAD = '9a18fa4a434f';

/** The one after it, which fails as it was written: some databases have parts of it. */
export const FAILING_HEAD = '9713d3159095';

/** The revisions that Alembic says a database is at; undefined where Alembic never was. */
export async function readAlembicHeads(client: Client): Promise<string[] | undefined> {
  const { rows: found } = await client.query(
    `select to_regclass('public.alembic_version') is not null as found`,
  );
  if (!found[0]?.found) return undefined;
  const { rows } = await client.query(
    'select version_num from public.alembic_version order by version_num collate "C"',
  );
  return rows.map(({ version_num }) => String(version_num));
}

/** Types that the migrations carry over, by the column that the failing revision adds to `history`. */
const ADDED_COLUMNS: Readonly<Record<string, RegExp>> = {
  cluster_id: /^(text|character varying)/,
  run_id: /^(smallint|integer|bigint)$/,
  modified_at: /^timestamp(\(\d\))? without time zone$/,
};

/** Parts of the failing revision that a database has. */
export interface FailingParts {
  /** Those that the migrations after the baseline carry over, such as `history.run_id`. */
  readonly carried: readonly string[];
  /** The tables of the latest runs: what they hold can be had from `history` again. */
  readonly derived: readonly string[];
  /** The baseline with what is carried. */
  readonly expected: Catalogue;
}

/** Finds the parts of the failing revision in a database that is to be the baseline. */
export function findFailingParts(baseline: Catalogue, actual: Catalogue): FailingParts {
  const expected = new Map(baseline.objects);
  const carried: string[] = [];
  for (const [id, object] of actual.objects) {
    if (object.kind !== 'column' || object.table !== 'history') continue;
    const wanted = baseline.objects.get(id);
    const carries = wanted ? isRequiredDate(wanted, object) : isAddedColumn(object);
    if (!carries) continue;
    expected.set(id, object);
    carried.push(`history.${object.name}`);
  }
  const derived = [...actual.objects.values()]
    .filter((object) => object.kind === 'table' && !baseline.objects.has(object.id))
    .map(({ name }) => name)
    .filter((table) => isLatestHistory(table, actual));
  return { carried, derived, expected: { ...baseline, objects: expected } };
}

function isAddedColumn({ name, attributes }: CatalogueObject): boolean {
  return Boolean(ADDED_COLUMNS[name]?.test(String(attributes.type)));
}

/** `history.arg_date` as the failing revision wants it: not null, and otherwise as it was. */
function isRequiredDate(wanted: CatalogueObject, is: CatalogueObject): boolean {
  const { nullability } = is.attributes;
  return (
    is.name === 'arg_date' &&
    nullability === 'not null' &&
    wanted.attributes.nullability !== nullability &&
    isDeepStrictEqual({ ...wanted.attributes, nullability }, { ...is.attributes })
  );
}

/** A table of the latest run by workflow, day and stage. */
function isLatestHistory(table: string, { objects }: Catalogue): boolean {
  const columns = [...objects.values()]
    .filter((object) => object.kind === 'column' && object.table === table)
    .map(({ name }) => name);
  return /histor/.test(table) && ['workflow_id', 'stage'].every((name) => columns.includes(name));
}
