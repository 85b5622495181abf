import { applyMigrations, claimDatabase } from '@spire/migrate';
import { PostgresAccess } from '@spire/servers';
import { afterAll, inject } from 'vitest';
import { actor, openSide, type TestSide } from './open-side.ts';

/** Gives the tests of a file databases of their own, which go with it. */
export function useSides(prefix: string) {
  const server = PostgresAccess.at(inject('postgresUrl'));
  const made: { side: TestSide; name: string }[] = [];
  const reopened: TestSide[] = [];
  const end = ({ client, pool }: TestSide) =>
    Promise.all([client.end().catch(() => {}), pool.end()]);
  afterAll(async () => {
    for (const side of reopened) await end(side);
    for (const { side, name } of made) {
      await end(side);
      await server.dropDatabase(name);
    }
  });
  return {
    server,
    /** An empty database, as an environment. */
    async empty(environment: string): Promise<TestSide> {
      const name = `${prefix}_${process.pid}_${made.length}`;
      const url = await server.createDatabase(name);
      const side = await openSide(environment, url);
      made.push({ side, name });
      return side;
    },
    /** The same once more: its sessions were ended. */
    async reopened({ environment, url }: TestSide): Promise<TestSide> {
      const side = await openSide(environment, url);
      reopened.push(side);
      return side;
    },
    /** One at the newest migration, which says which environment it is. */
    async modern(environment: string): Promise<TestSide> {
      const side = await this.empty(environment);
      await applyMigrations(side.client, { actor });
      await claimDatabase(side.client, environment);
      await side.client.query('reset all');
      return side;
    },
  };
}
