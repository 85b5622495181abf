import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workflows } from '@spire/schema';
import { startFaultProxy } from '@spire/servers';
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

async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: local.database });
  await client.connect();
  await client.query(statement);
  await client.end();
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

describe('a connection', () => {
  it('in which a transaction was left open is not given to anybody else', async () => {
    await using spire = await connect({ pool: { max: 1 } });
    const before = await pidOf(spire.pool);
    await spire.withClient(async (client) => {
      await client.query('begin');
    });
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

  it('that was lost with all others costs no read', async () => {
    const { hostname, port } = new URL(local.database);
    const proxy = await startFaultProxy({ target: { host: hostname, port: Number(port) } });
    const config = join(local.variables.SPIRE_CONFIG_DIR, 'local', 'config.yml');
    const text = readFileSync(config, 'utf8');
    writeFileSync(config, text.replace(port, String(proxy.port)));
    try {
      await using spire = await connect({ pool: { min: 10 } });
      for (let round = 0; round < 10; round += 1) {
        const reads = [spire.workflows.list(), spire.jobConfigs.list(), spire.history.list()];
        // While they run, and before anybody has heard that the other seven are dead too.
        proxy.reset();
        await Promise.all(reads);
      }
    } finally {
      writeFileSync(config, text);
      await proxy.close();
    }
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
      /^postgres:\/\/\w+:\[redacted\]@127\.0\.0\.1:\d+\/sdk_\w+\?sslmode=disable$/,
    );
    expect(spire.connectionString({ reveal: true })).toContain(`:${password}@`);
  });

  it('makes its connections anew when another credential is in Vault', async () => {
    await asOwner(`create role rotating superuser login password 'one'`);
    const give = (pwd: string) =>
      fetch(`${local.vault.address}/v1/secret/data/data-innovation/spire/local/db`, {
        method: 'POST',
        headers: { 'X-Vault-Token': local.vault.rootToken },
        body: JSON.stringify({
          data: { user: 'rotating', pwd, db: new URL(local.database).pathname.slice(1) },
        }),
      });
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
