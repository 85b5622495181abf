import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@spire/servers';
import { sql } from 'drizzle-orm';
import type { SpireDBConnectorOptions } from '../../src/index.ts';
import type { Fault } from './fault.ts';
import { type Stage, until } from './stage.ts';

/** Whom PgBouncer runs as, where root starts it. */
const NOBODY = 65_534;

/** Puts a PgBouncer with two sessions, lent for one transaction each, in front of Postgres. */
async function withPgBouncer<T>(stage: Stage, run: () => Promise<T>): Promise<T> {
  const { server, proxy, terms } = stage;
  const { database, user, password } = terms();
  const directory = mkdtempSync(join(tmpdir(), 'faults-pgbouncer-'));
  const isRoot = process.getuid?.() === 0;
  const port = await freePort();
  const write = (name: string, text: string) => {
    const file = join(directory, name);
    writeFileSync(file, text, { mode: 0o600 });
    if (isRoot) chownSync(file, NOBODY, NOBODY);
    return file;
  };
  const users = write('users.txt', `"${user}" "${password}"\n`);
  const config = write(
    'pgbouncer.ini',
    `[databases]
${database} = host=${server.host} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = 2
`,
  );
  if (isRoot) chownSync(directory, NOBODY, NOBODY);
  chmodSync(directory, 0o700);
  const bouncer = spawn('pgbouncer', ['--quiet', ...(isRoot ? ['--user=nobody'] : []), config], {
    stdio: 'ignore',
  });
  try {
    await until(() => isListening(port), 10_000);
    proxy.target = { host: '127.0.0.1', port };
    return await run();
  } finally {
    const ended = new Promise((resolve) => bouncer.once('exit', resolve));
    bouncer.kill('SIGKILL');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => socket.destroy());
    socket.once('error', () => {});
    socket.once('close', (failed) => resolve(!failed));
  });
}

/** The hot reads of each side, which are prepared by name: each by many at once. */
async function readHot(stage: Stage, pooler: SpireDBConnectorOptions['pooler']): Promise<void> {
  const { open, journal, admin } = stage;
  await admin.query(
    `insert into workflows (name, description) values ('spire_hot', '') on conflict do nothing`,
  );
  const { pool, spire } = await open({ spire: pooler ? { pooler } : {} });
  await journal.strike(() => {});
  const read: () => Promise<unknown> = spire
    ? () => spire.workflows.getByName('spire_hot')
    : () =>
        pool.query({
          name: 'hot',
          text: 'select id from workflows where name = $1',
          values: ['spire_hot'],
        });
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(Array.from({ length: 20 }, () => journal.attempt(read)));
  }
}

export const told: Fault = {
  row: 31,
  title: 'PgBouncer lends sessions for one transaction, and the connector knows',
  run: (stage) =>
    withPgBouncer(stage, async () => {
      await readHot(stage, 'pgbouncer-transaction');
      const { open, side } = stage;
      if (side === 'bare') return {};
      const reader = await open({
        spire: {
          pooler: 'pgbouncer-transaction',
          access: 'read-only',
          pool: { statementMillis: 1234 },
        },
      });
      const write = sql`update fault_items set value = 'written' where id = 1`;
      const codeOf = (run: Promise<unknown>) =>
        run.then(
          () => 'none',
          (error) => error.code,
        );
      const limit = () => sql`select current_setting('statement_timeout') as it`;
      const inTransaction = await reader.transaction((tx) => tx.execute(limit()));
      const slow = reader.transaction((tx) => tx.execute(sql`select pg_sleep(3)`));
      return {
        write: await codeOf(reader.orm.execute(write)),
        writeInTransaction: await codeOf(reader.transaction((tx) => tx.execute(write))),
        limit: inTransaction.rows[0]?.it,
        slow: await codeOf(slow),
      };
    }),
};

export const untold: Fault = {
  row: 31,
  title: 'PgBouncer lends sessions for one transaction, and nobody knows',
  run: (stage) =>
    withPgBouncer(stage, async () => {
      await readHot(stage, undefined);
      return {};
    }),
};
