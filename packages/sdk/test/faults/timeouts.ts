import type { FaultConnection } from '@spire/servers';
import type { Fault } from './fault.ts';
import { until } from './stage.ts';

export const BUDGET_MILLIS = 500;

export const blackholeDuringQuery: Fault = {
  row: 6,
  title: 'the network swallows everything during a query, while another waits for its connection',
  wishes: { max: 1, spire: { pool: { queryMillis: BUDGET_MILLIS } } },
  async run({ open, journal, proxy }) {
    const { pool } = await open();
    await pool.query('select 1');
    const before = proxy.accepted;
    await journal.strike(() => {
      proxy.mode = 'blackhole';
    });
    const query = journal.attempt(() => pool.query('select 1'), 1500);
    const waiter = journal.attempt(() => pool.query('select 2'), 4000);
    const { millis } = await query;
    // The one that waited is on its way by another connection, if there is one.
    await until(() => proxy.accepted > before, 500);
    journal.heal(() => {
      proxy.mode = 'pass';
    });
    await waiter;
    // Where the first one was given up, it is gone by now.
    await until(() => proxy.connections === 1, 1000);
    return {
      firstMillis: millis,
      connections: proxy.connections,
      reconnected: proxy.accepted > before,
    };
  },
};

export const blackholeThenRelease: Fault = {
  row: 7,
  title: 'the network swallows a held connection, which is released while another caller waits',
  wishes: { max: 1, connectMillis: 1000 },
  async run({ open, journal, proxy }) {
    const { pool } = await open();
    let connection: FaultConnection | undefined;
    proxy.tap = (_direction, _chunk, seen) => {
      connection ??= seen;
      return undefined;
    };
    const client = await pool.connect();
    await client.query('select 1');
    const waiter = journal.attempt(() => pool.query('select 2'), 4000);
    await journal.strike(() => {
      if (connection) connection.mode = 'blackhole';
    });
    journal.heal(() => client.release(true));
    await waiter;
    return { swallowed: connection?.number };
  },
};
