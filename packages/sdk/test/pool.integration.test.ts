import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { workflows } from '@spire/schema';
import { type FaultProxy, startFaultProxy } from '@spire/servers';
import { eq, sql } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SpireDBConnector, SpireDBError, withConnector } from '../src/index.ts';
import { localEnvironment } from './local-environment.ts';

let local: Awaited<ReturnType<typeof localEnvironment>>;
const options = () => ({ environment: 'local', variables: local.variables });
const connect = (more: object = {}) => SpireDBConnector.create({ ...options(), ...more });
const pidOf = async (asked: { query(text: string): Promise<pg.QueryResult> }): Promise<number> =>
  (await asked.query('select pg_backend_pid() as pid')).rows[0].pid;

const asOwner = (statement: string) => local.asOwner(statement);

/** Runs something while a proxy stands between the environment and its database. */
async function throughProxy(run: (proxy: FaultProxy) => Promise<void>): Promise<void> {
  const { hostname, port } = new URL(local.database);
  const proxy = await startFaultProxy({ target: { host: hostname, port: Number(port) } });
  const config = join(local.variables.SPIRE_CONFIG_DIR, 'local', 'config.yml');
  const text = readFileSync(config, 'utf8');
  writeFileSync(config, text.replace(port, String(proxy.port)));
  try {
    await run(proxy);
  } finally {
    writeFileSync(config, text);
    await proxy.close();
  }
}

beforeAll(async () => {
  local = await localEnvironment();
});
afterAll(() => local?.end());

describe('an error of SQL', () => {
  it('costs no connection, and holds no parameter', async () => {
    await using spire = await connect({ pool: { max: 1 } });
    const before = await pidOf(spire.pool);
    const asked = spire.pool.query('select $1::int / 0 as canary_column', [4711]);
    const error = await asked.catch((found: unknown) => found);
    expect(error).toBeInstanceOf(SpireDBError);
    expect(error).toMatchObject({ code: 'QUERY_FAILED', sqlstate: '22012', retryable: false });
    expect(JSON.stringify(error)).not.toContain('4711');
    expect(await pidOf(spire.pool)).toBe(before);
  });

  it("comes out of Drizzle's builders in our words", async () => {
    await using spire = await connect();
    const asked = spire.db.select().from(workflows).where(eq(sql`1 / 0`, 'canary-4711'));
    const error = (await asked.catch((found: unknown) => found)) as SpireDBError;
    expect(error).toMatchObject({ code: 'QUERY_FAILED' });
    expect(`${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toContain('4711');
    // Whoever awaited it is in the stack.
    expect(error.stack).toContain('pool.integration.test.ts');
  });

  it('in several statements at once leaves nobody else in the transaction that it began', async () => {
    await using spire = await connect({ pool: { max: 1 } });
    await expect(spire.pool.query('begin; select 1 / 0')).rejects.toMatchObject({
      sqlstate: '22012',
    });
    expect((await spire.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('a parameter', () => {
  it('that pg can not write is an error, once', async () => {
    await using spire = await connect({ pool: { max: 1 } });
    const asked = spire.pool.query('select $1::jsonb', [{ canary: 1n }]);
    await expect(asked).rejects.toThrow(TypeError);
    expect((await spire.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(spire.stats()).toMatchObject({ total: 1, idle: 1 });
  });

  it('is in no message, also where Postgres reads it as something else', async () => {
    await using spire = await connect();
    for (const text of [`select to_tsquery('english', $1)`, 'select $1::regclass']) {
      const error = await spire.pool.query(text, ['canary one']).catch((found: Error) => found);
      expect(error).toBeInstanceOf(SpireDBError);
      expect(String(error)).not.toContain('canary');
    }
    await expect(spire.pool.query('select * from not_there')).rejects.toThrow(/not_there/);
  });

  it('of a query that runs is not shown with the pool', async () => {
    await using spire = await connect();
    const running = spire.pool.query('select pg_sleep(0.2), $1::text', ['canary']);
    await expect.poll(() => spire.stats().active).toBe(1);
    expect(inspect(spire, { depth: 30 }) + JSON.stringify(spire.pool)).not.toContain('canary');
    await running;
  });
});

describe('a connection', () => {
  it('that was lent takes nothing of it to the next caller', async () => {
    await using spire = await connect({ pool: { max: 1 } });
    await spire.withClient((client) => client.query('set search_path = nowhere; listen runs'));
    const { rows } = await spire.pool.query('show search_path');
    expect(rows[0].search_path).not.toContain('nowhere');
  });

  it('that is let in and then gets no answer is waited for as long as was asked', async () => {
    const owner = new pg.Client({ connectionString: local.database });
    await owner.connect();
    await owner.query('begin; lock table spire.environment in access exclusive mode');
    const started = performance.now();
    await expect(connect({ pool: { connectMillis: 500 } })).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
    });
    expect(performance.now() - started).toBeLessThan(3000);
    await owner.end();
  });

  it('that gets no answer is given up, though others queue on it', async () => {
    await using spire = await connect({ pool: { queryMillis: 500 } });
    const lent = spire.withClient(async (client) => {
      const slow = client.query('select pg_sleep(10)');
      await expect(Promise.all([slow, client.query('select 1')])).rejects.toThrow();
      return slow;
    });
    await expect(lent).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
  });

  it('in which a transaction was left open is not given to anybody else', async () => {
    await using spire = await connect({ pool: { max: 1 } });
    const before = await pidOf(spire.pool);
    const client = await spire.pool.connect();
    await client.query('begin');
    client.release();
    expect(await pidOf(spire.pool)).not.toBe(before);
    expect(spire.stats()).toMatchObject({ total: 1, idle: 1, active: 0, connects: 2 });
  });

  it('goes on when a migration has made its prepared statements useless', async () => {
    await asOwner('create table shifting (a int); insert into shifting values (1)');
    await using spire = await connect({ pool: { max: 1 } });
    const query = { name: 'shifting', text: 'select * from shifting' };
    expect((await spire.pool.query(query)).rows).toEqual([{ a: 1 }]);
    await asOwner('alter table shifting add b int default 2');
    expect((await spire.pool.query(query)).rows).toEqual([{ a: 1, b: 2 }]);
  });

  it('whose statement only says that its plan is stale runs it once', async () => {
    await asOwner('create table counted (n int)');
    await using spire = await connect();
    const text = `do $$ begin insert into counted values (1); commit; raise exception 'cached plan' using errcode = '0A000'; end $$`;
    await expect(spire.pool.query(text)).rejects.toMatchObject({ sqlstate: '0A000' });
    expect((await spire.pool.query('select n from counted')).rows).toEqual([{ n: 1 }]);
  });

  it('that was lost with all others costs no read', async () => {
    await throughProxy(async (proxy) => {
      await using spire = await connect({ pool: { min: 10 } });
      for (let round = 0; round < 10; round += 1) {
        const reads = [spire.workflows.list(), spire.jobConfigs.list(), spire.history.list()];
        // While they run, and before anybody has heard that the other seven are dead too.
        proxy.reset();
        await Promise.all(reads);
      }
    });
  });

  it('of a pool is made ahead as many times as asked', async () => {
    await using spire = await connect({ pool: { min: 3 } });
    expect(spire.stats()).toMatchObject({ total: 3, idle: 3, connects: 3 });
  });

  it("has the parameters' types and the callbacks of pg's own", async () => {
    await using spire = await connect();
    const { promise, resolve, reject } = Promise.withResolvers<pg.QueryResult>();
    spire.pool.query('select $1::int as n', [7], (error, result) =>
      error ? reject(error) : resolve(result),
    );
    expect((await promise).rows).toEqual([{ n: 7 }]);
    await expect(spire.pool.query(null as never)).rejects.toThrow(TypeError);
    expect(spire.stats()).toMatchObject({ active: 0 });
  });
});

describe('a transaction', () => {
  it('that overlooked an error says that nothing was written', async () => {
    await using spire = await connect();
    const attempt = spire.transaction(async (tx) => {
      await tx.workflows.create({ name: 'spire_overlooked', description: '' });
      await tx.db.execute(sql`select 1 / 0`).catch(() => {});
    });
    await expect(attempt).rejects.toMatchObject({ code: 'TRANSACTION_ABORTED' });
    await expect(spire.workflows.getByName('spire_overlooked')).rejects.toMatchObject({
      code: 'WORKFLOW_NOT_FOUND',
    });
  });

  it('that is over lets nobody into the one after it', async () => {
    await using spire = await connect({ pool: { max: 1 } });
    const kept = await spire.transaction(async (tx) => tx);
    await expect(kept.workflows.list()).rejects.toMatchObject({ code: 'TRANSACTION_ENDED' });
  });

  it("lets the function's own errors through, whatever they say", async () => {
    await using spire = await connect({ pool: { max: 1 } });
    const before = await pidOf(spire.pool);
    const own = Object.assign(new Error('payment timeout'), { code: 'ECONNRESET' });
    await expect(spire.transaction(() => Promise.reject(own))).rejects.toBe(own);
    expect(await pidOf(spire.pool)).toBe(before);
  });

  it('that lost its connection before it was committed is not of unknown outcome', async () => {
    await using spire = await connect();
    const attempt = spire.transaction(async (tx) => {
      const { rows } = await tx.db.execute(sql`select pg_backend_pid() as pid`);
      await asOwner(`select pg_terminate_backend(${rows[0]?.pid}, 5000)`);
      await expect.poll(() => spire.stats().active).toBe(1);
      await expect(tx.db.execute(sql`select 1`)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    });
    await expect(attempt).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  it('writes on no connector that may only read', async () => {
    await using spire = await connect({ access: 'read-only' });
    const attempt = spire.transaction((tx) => tx.jobConfigs.list(), { accessMode: 'read write' });
    await expect(attempt).rejects.toMatchObject({ code: 'READ_ONLY' });
  });

  it('may only read when asked so', async () => {
    await using spire = await connect();
    const attempt = spire.transaction(
      (tx) => tx.workflows.create({ name: 'spire_read_only', description: '' }),
      { accessMode: 'read only' },
    );
    await expect(attempt).rejects.toMatchObject({ code: 'READ_ONLY' });
  });

  it("of Drizzle's own kind has savepoints, and loses no connection", async () => {
    await using spire = await connect({ pool: { max: 1 } });
    await spire.db.transaction(async (tx) => {
      await tx.insert(workflows).values({ name: 'spire_outer', description: '' });
      const inner = tx.transaction(async (nested) => {
        await nested.insert(workflows).values({ name: 'spire_inner', description: '' });
        throw new Error('inner');
      });
      await expect(inner).rejects.toThrow('inner');
    });
    const { workflows: found } = await spire.workflows.list({ search: 'spire_' });
    const names = found.map(({ name }) => name);
    expect([names.includes('spire_outer'), names.includes('spire_inner')]).toEqual([true, false]);
    await spire.transaction(async ({ db }) => {
      const inner = db.transaction(async (nested) => {
        await nested.delete(workflows).where(eq(workflows.name, 'spire_outer'));
        nested.rollback();
      });
      await expect(inner).rejects.toThrow();
    });
    expect((await spire.workflows.getByName('spire_outer')).name).toBe('spire_outer');
    expect(spire.stats()).toMatchObject({ total: 1, idle: 1 });
  });
});

describe('the connector', () => {
  it('tells whoever waits for a connection that it was closed, and more than may wait that they may not', async () => {
    await throughProxy(async (proxy) => {
      const spire = await connect({ pool: { max: 2, maxWaiting: 1 } });
      proxy.mode = 'blackhole';
      await spire.pool
        .query({ text: 'select 1', query_timeout: 1 } as pg.QueryConfig)
        .catch(() => {});
      const waiting = [1, 2, 3].map(() => spire.pool.connect());
      const outcomes = Promise.allSettled(waiting);
      await expect(waiting[2]).rejects.toMatchObject({ code: 'ACQUIRE_TIMEOUT' });
      const started = performance.now();
      await spire.close();
      expect(performance.now() - started).toBeLessThan(2000);
      expect((await outcomes).slice(0, 2)).toMatchObject([
        { reason: { code: 'CONNECTOR_CLOSED' } },
        { reason: { code: 'CONNECTOR_CLOSED' } },
      ]);
    });
  });

  it.each([
    { max: 0 },
    { max: -1 },
    { min: 5, max: 2 },
    { connectMillis: 0 },
    { statementMillis: -1 },
  ])('refuses %o', async (pool) => {
    await expect(connect({ pool })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('says how it is, and never throws', async () => {
    const spire = await connect();
    const report = await spire.healthCheck();
    expect(report).toMatchObject({
      healthy: true,
      state: 'ready',
      credential: { version: '1', stale: false },
      pool: { max: 10, total: 1 },
    });
    expect(report.latencyMillis).toBeGreaterThan(0);
    const closing = spire.close();
    expect((await spire.healthCheck()).state).toBe('draining');
    expect(await closing).toEqual({ drained: true, destroyed: 0 });
    expect(await spire.healthCheck()).toMatchObject({
      healthy: false,
      state: 'closed',
      error: { code: 'CONNECTOR_CLOSED' },
    });
  });

  it('shows where it leads, and the password only when asked', async () => {
    await using spire = await connect();
    const { password } = new URL(local.database);
    expect(spire.connectionString()).toMatch(
      /^postgres:\/\/\w+:\[redacted\]@[\w.]+:\d+\/sdk_\w+\?sslmode=disable$/,
    );
    expect(spire.connectionString({ reveal: true })).toContain(`:${password}@`);
  });

  it('makes its connections anew when another credential is in Vault', async () => {
    await asOwner(`create role rotating superuser login password 'one'`);
    const give = (pwd: string) => local.keep('rotating', pwd);
    await give('one');
    await using spire = await connect({ pool: { max: 2 } });
    const before = await pidOf(spire.pool);
    expect(await spire.rotateCredentials()).toMatchObject({ changed: false });
    await asOwner(`alter role rotating password 'two'`);
    await give('two');
    const running = spire.pool.query('select pg_sleep(0.2), pg_backend_pid() as pid');
    // An unchanged version is asked for again after a second, not at once.
    await expect
      .poll(async () => (await spire.rotateCredentials()).changed, { timeout: 5000 })
      .toBe(true);
    expect((await running).rows[0].pid).toBe(before);
    expect(await pidOf(spire.pool)).not.toBe(before);
    expect(spire.connectionString({ reveal: true })).toContain(':two@');
  });

  it('lives for a function, however that ends', async () => {
    let kept: SpireDBConnector | undefined;
    const attempt = withConnector(options(), async (spire) => {
      kept = spire;
      throw new Error('changed my mind');
    });
    await expect(attempt).rejects.toThrow('changed my mind');
    expect(kept?.pool.ended).toBe(true);
  });
});
