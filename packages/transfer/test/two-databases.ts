import { reclaimDatabase } from '@spire/migrate';
import { PostgresAccess } from '@spire/servers';
import { afterAll, inject } from 'vitest';
import { openSide, type TestSide } from './open-side.ts';

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
  const make = async (environment: string, options: { template?: string } = {}) => {
    const name = `${prefix}_${process.pid}_${made.length}`;
    const side = await openSide(environment, await server.createDatabase(name, options));
    made.push({ side, name });
    return side;
  };
  return {
    server,
    /** An empty database, as an environment. */
    empty: (environment: string) => make(environment),
    /** The same once more: its sessions were ended. */
    async reopened({ environment, url, own }: TestSide): Promise<TestSide> {
      const side = await openSide(environment, url, own);
      reopened.push(side);
      return side;
    },
    /** One at the newest migration, which says which environment it is. */
    async modern(environment: string): Promise<TestSide> {
      const side = await make(environment, { template: inject('template') });
      // The template says that it is local.
      await reclaimDatabase(side.client, 'local', environment);
      return side;
    },
  };
}
