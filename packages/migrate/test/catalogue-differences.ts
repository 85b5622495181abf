import { PostgresAccess } from '@spire/servers';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  type Catalogue,
  closingSql,
  compareCatalogues,
  type Difference,
  matchViews,
  readCatalogue,
} from '../src/index.ts';
import { CatalogueBench } from './catalogue-fixture.ts';
import { mutations } from './catalogue-mutations.ts';

/** A difference in few words, such as `missing column history: run_id`. */
export const brief = ({ change, kind, table, name }: Difference): string =>
  `${change} ${kind} ${table !== undefined && kind !== 'grant' ? `${table}: ` : ''}${name}`;

/** The server that all test files share. */
export const sharedServer = (): PostgresAccess => PostgresAccess.at(inject('postgresUrl'));

/**
 * Every mutation of a live database is found, nothing else is, and the closing SQL takes it back.
 *
 * @param start another server than the shared one to hold the live database.
 */
export function describeMutations(version: number, start?: () => Promise<PostgresAccess>): void {
  const benches: CatalogueBench[] = [];
  let shadow: pg.Client;
  let live: pg.Client;
  let expected: Catalogue;

  beforeAll(async () => {
    const ours = await CatalogueBench.on(sharedServer());
    benches.push(ours);
    shadow = await ours.base('shadow');
    expected = await readCatalogue(shadow);
    const other = start ? await CatalogueBench.on(await start()) : ours;
    if (other !== ours) benches.push(other);
    live = await other.base('live');
  });
  afterAll(async () => {
    for (const bench of benches) await bench.close();
  });

  const differencesNow = async () =>
    compareCatalogues(expected, await matchViews(shadow, await readCatalogue(live)));

  describe(`a live PostgreSQL ${version}`, () => {
    it('differs in nothing when it was built alike', async () => {
      expect(await differencesNow()).toEqual([]);
    });

    const known = mutations.filter(({ since = 14 }) => since <= version);
    it.each(known.map((one) => [one.name, one] as const))('%s', async (_, mutation) => {
      await live.query('begin');
      try {
        await live.query(mutation.sql);
        const differences = await differencesNow();
        expect(differences.map(brief)).toEqual(mutation.differences);
        if (mutation.words) expect(differences.map(({ words }) => words)).toEqual(mutation.words);
        const losesData =
          mutation.losesData === 'before 17' ? version < 17 : (mutation.losesData ?? false);
        expect(differences.some((one) => one.losesData)).toBe(losesData);
        const open = differences.filter(({ sql }) => sql.length === 0).map(brief);
        expect(open).toEqual(mutation.open ?? []);
        const script = closingSql(differences);
        if (script === '') return;
        await live.query(script).catch((error) => {
          throw new Error(`${error.message} in\n${script}`);
        });
        expect((await differencesNow()).map(brief)).toEqual(open);
      } finally {
        await live.query('rollback');
      }
    });
  });
}
