import { type PostgresServer, startPostgres } from '@spire/servers';
import { afterAll, describe, it } from 'vitest';
import { describeMutations } from './catalogue-differences.ts';
import { has15, POSTGRES_15 } from './catalogue-fixture.ts';

// A file of its own, so that both versions are tried at the same time.
if (has15()) {
  let server: PostgresServer | undefined;
  afterAll(() => server?.stop());
  describeMutations(15, async () => {
    server = await startPostgres({ lifetime: 'parent', binaries: POSTGRES_15 });
    return server;
  });
} else {
  describe('a live PostgreSQL 15', () => {
    it.skip('differs in nothing when it was built alike', () => {});
  });
}
