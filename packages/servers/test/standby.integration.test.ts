import { existsSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { describe, expect, it, vi } from 'vitest';
import { type PostgresServer, startPostgres, startStandby } from '../src/index.ts';
import { isAlive } from '../src/process-life.ts';

const POSTGRES_15 = '/usr/lib/postgresql/15/bin';
if (!existsSync(POSTGRES_15)) console.log(`skipped: a standby of ${POSTGRES_15}, not here`);

async function ask(server: PostgresServer, text: string) {
  const client = new pg.Client({ connectionString: server.connectionString() });
  await client.connect();
  try {
    return (await client.query({ text, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

describe.for([
  ['from npm', undefined],
  ['15', POSTGRES_15],
] as const)('a standby of PostgreSQL %s', ([, binaries]) => {
  it.skipIf(binaries && !existsSync(binaries))(
    'follows, refuses to write, and takes over when it is promoted',
    async () => {
      const options = binaries ? { binaries } : {};
      const primary = await startPostgres({
        lifetime: 'parent',
        settings: { max_connections: '250' },
        ...options,
      });
      try {
        await ask(primary, 'create table kept as select 1 as number');
        const standby = await startStandby(primary, options);
        try {
          expect(await ask(standby, 'select number from kept')).toEqual([1]);
          await ask(primary, 'insert into kept values (2)');
          await vi.waitFor(
            async () => expect(await ask(standby, 'select number from kept')).toEqual([1, 2]),
            { timeout: 10_000 },
          );
          const write = () => ask(standby, 'insert into kept values (3)');
          await expect(write()).rejects.toMatchObject({ code: '25006' });
          await primary.stop();
          await standby.promote();
          await write();
          expect(await ask(standby, 'select number from kept')).toEqual([1, 2, 3]);
        } finally {
          await standby.stop();
        }
        expect([isAlive(standby.pid), existsSync(standby.dataDirectory)]).toEqual([false, false]);
      } finally {
        await primary.stop();
      }
    },
  );
});

it('has the certificate of its primary, shows no password, and leaves no slot behind', async () => {
  const primary = await startPostgres({ lifetime: 'parent', tls: true });
  try {
    const slots = () => ask(primary, 'select count(*)::int from pg_replication_slots');
    const standby = await startStandby(primary);
    expect([standby.ca, standby.password]).toEqual([primary.ca, primary.password]);
    expect(await slots()).toEqual([1]);
    const { port, user, password } = standby;
    const client = new pg.Client({
      host: 'localhost',
      port,
      user,
      password,
      database: 'postgres',
      ssl: { ca: primary.ca },
    });
    await client.connect();
    const { rows } = await client.query('select pg_is_in_recovery() as standby');
    await client.end();
    expect(rows).toEqual([{ standby: true }]);
    if (existsSync('/proc/self/cmdline')) {
      expect(readFileSync(`/proc/${standby.pid}/cmdline`, 'utf8')).not.toContain(password);
    }
    await standby.stop();
    expect(await slots()).toEqual([0]);
  } finally {
    await primary.stop();
  }
});
