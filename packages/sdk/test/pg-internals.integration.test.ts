import { PostgresAccess } from '@spire/servers';
import pg from 'pg';
import { expect, inject, it } from 'vitest';

// What the pool and its clients rely on of pg, which pg doesn't promise: look here first when pg is updated.

it('pg and its pool have inside what ours are built on', async () => {
  const server = PostgresAccess.at(inject('postgresUrl'));
  const connectionString = server.connectionString();
  const pool = new pg.Pool({ connectionString, max: 1, connectionTimeoutMillis: 1000 });
  const inside = pool as unknown as Record<string, unknown>;
  const client = (await pool.connect()) as unknown as Record<string, unknown> & pg.PoolClient;
  expect(inside).toMatchObject({
    _clients: [expect.anything()],
    _idle: [],
    _pendingQueue: [],
    _isFull: expect.any(Function),
    _pulseQueue: expect.any(Function),
    _acquireClient: expect.any(Function),
    _remove: expect.any(Function),
    _release: expect.any(Function),
  });
  // What it says when all are in use has no code.
  await expect(pool.connect()).rejects.toThrow(/^timeout exceeded when trying to connect$/);
  expect(client).toMatchObject({
    readyForQuery: true,
    _queryable: true,
    _ended: false,
    _ending: false,
  });
  expect(client.connectionParameters).toMatchObject({ user: server.user, host: server.host });
  expect(client.getTransactionStatus()).toBe('I');

  const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
  const ready = new Promise((resolve) => connection.once('readyForQuery', resolve));
  const readyWhenTold = await new Promise((resolve) => {
    client.query('select 1 / 0', () => resolve(client.readyForQuery));
    expect(client.readyForQuery).toBe(false);
  });
  // The moment in which a connection must not be given to anybody else.
  expect(readyWhenTold).toBe(false);
  await ready;
  expect(client.readyForQuery).toBe(true);
  client.connection.stream.destroy();
  await new Promise<void>((resolve) => client.once('error', () => resolve()));
  expect(client._queryable).toBe(false);
  client.release();
  expect(inside._clients).toEqual([]);
  await pool.end();
});
