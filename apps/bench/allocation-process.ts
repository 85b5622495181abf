import { SpireDBConnector } from '@spire/sdk';
import pg from 'pg';
import type { Target } from './driver.ts';

const BATCHES = 20;
const QUERIES = 2000;
const ONE_ROW = { name: 'bench_one', text: 'select $1::int as one', values: [1] };

process.once('message', async ({ target, pool }: { target: Target; pool: 'bare' | 'spire' }) => {
  await using opened = await open(target, pool);
  let least = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < BATCHES; batch += 1) {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let query = 0; query < QUERIES; query += 1) await opened.pool.query(ONE_ROW);
    // What else happens now and then only adds to it.
    least = Math.min(least, (process.memoryUsage().heapUsed - before) / QUERIES);
  }
  process.send?.(least);
});

async function open(
  { url, variables }: Target,
  pool: 'bare' | 'spire',
): Promise<AsyncDisposable & { readonly pool: pg.Pool }> {
  if (pool === 'spire') {
    return SpireDBConnector.create({ environment: 'local', variables, pool: { max: 1 } });
  }
  const bare = new pg.Pool({ connectionString: url, max: 1 });
  return { pool: bare, [Symbol.asyncDispose]: () => bare.end() };
}
