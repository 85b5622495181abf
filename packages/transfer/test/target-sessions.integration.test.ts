import { afterAll, expect, inject, it } from 'vitest';
import { withTarget } from '../src/target-sessions.ts';
import { openSide } from './open-side.ts';

const side = await openSide('local', inject('postgresUrl'));
afterAll(async () => {
  await side.client.end();
  await side.pool.end();
});

it('the server finds within two minutes that whoever transfers is gone', async () => {
  const settings = await withTarget(side, undefined, async ({ connect }) => {
    const session = await connect();
    const { rows } = await session.query(
      `select current_setting('tcp_keepalives_idle')::int
         + current_setting('tcp_keepalives_interval')::int
         * current_setting('tcp_keepalives_count')::int as seconds`,
    );
    session.release();
    return rows[0];
  });
  expect(settings).toEqual({ seconds: 120 });
});
