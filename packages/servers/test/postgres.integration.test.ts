import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres, startPostgres } from '../src/index.ts';
import { isAlive } from '../src/process-life.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'postgres \u00e9 '));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function ask(connectionString: string, text: string) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('with its parent', () => {
  it('starts, makes databases of any name from templates, and leaves nothing behind', async () => {
    const server = await startPostgres({ lifetime: 'parent' });
    const template = await server.createDatabase('a "quoted" name');
    await ask(template, 'create table kept as select 1 as one');
    const copy = await server.createDatabase('copy', { template: 'a "quoted" name' });
    expect(await ask(copy, 'select one from kept')).toEqual([{ one: 1 }]);
    await server.dropDatabase('copy');
    await expect(ask(copy, 'select 1')).rejects.toMatchObject({ code: '3D000' });
    await server.stop();
    expect([isAlive(server.pid), existsSync(server.dataDirectory)]).toEqual([false, false]);
  });

  it('ends when the parent is killed, and its directory is removed', async () => {
    const module = join(import.meta.dirname, '..', 'src', 'index.ts');
    const script = `import {startPostgres} from ${JSON.stringify(module)};
      const {pid, dataDirectory} = await startPostgres({lifetime: 'parent'});
      console.log(JSON.stringify({pid, dataDirectory})); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', script]);
    const line = await new Promise<string>((resolve) =>
      parent.stdout.once('data', (chunk) => resolve(String(chunk))),
    );
    const { pid, dataDirectory } = JSON.parse(line);
    parent.kill('SIGKILL');
    const deadline = Date.now() + 10_000;
    while ((isAlive(pid) || existsSync(dataDirectory)) && Date.now() < deadline) await sleep(20);
    expect([isAlive(pid), existsSync(dataDirectory)]).toEqual([false, false]);
  });

  it('serves TLS that a client can verify', async () => {
    const server = await startPostgres({ lifetime: 'parent', tls: true });
    const base = {
      host: 'localhost',
      port: server.port,
      user: server.user,
      password: server.password,
    };
    const connect = async (ssl: object) => {
      const client = new pg.Client({ ...base, database: 'postgres', ssl });
      await client.connect();
      const { rows } = await client.query(
        'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
      );
      await client.end();
      return rows;
    };
    expect(await connect({ ca: server.ca })).toEqual([{ ssl: true }]);
    await expect(connect({})).rejects.toThrow(/certificate/);
    await server.stop();
  });
});

describe('detached', () => {
  it('starts once however many ask, keeps its data when it is killed, and forgets a stale pid file', async () => {
    const dataDirectory = join(root, 'detached');
    const start = () => startPostgres({ lifetime: 'detached', dataDirectory });
    const [first, ...others] = await Promise.all([start(), start(), start()]);
    expect(others.map(({ pid }) => pid)).toEqual([first?.pid, first?.pid]);
    if (!first) throw new Error('no server');
    await ask(first.connectionString(), 'create table kept as select 1 as one');
    process.kill(first.pid, 'SIGKILL');
    const deadline = Date.now() + 10_000;
    while (isAlive(first.pid) && Date.now() < deadline) await sleep(20);
    const second = await start();
    expect(second.pid).not.toBe(first.pid);
    expect(await ask(second.connectionString(), 'select one from kept')).toEqual([{ one: 1 }]);
    const pidFile = join(dataDirectory, 'cluster', 'postmaster.pid');
    const content = readFileSync(pidFile, 'utf8');
    await second.stop();
    // The pid of a program that is no Postgres: this one.
    writeFileSync(pidFile, content.replace(/^\d+/, String(process.pid)), { mode: 0o600 });
    expect(await findPostgres(dataDirectory)).toBeUndefined();
    const third = await start();
    expect(await ask(third.connectionString(), 'select one from kept')).toEqual([{ one: 1 }]);
    await third.stop();
  });
});

describe('what is in the way', () => {
  it('is a port in use', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await expect(startPostgres({ lifetime: 'parent', port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
    });
    taken.close();
  });

  it('is the data directory of another major version, which stays as it is', async () => {
    const dataDirectory = join(root, 'old');
    mkdirSync(join(dataDirectory, 'cluster'), { recursive: true });
    writeFileSync(join(dataDirectory, 'cluster', 'PG_VERSION'), '15\n');
    await expect(startPostgres({ lifetime: 'parent', dataDirectory })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_INCOMPATIBLE',
      message: expect.stringMatching(/PostgreSQL 15.*PostgreSQL 18/),
    });
    expect(readFileSync(join(dataDirectory, 'cluster', 'PG_VERSION'), 'utf8')).toBe('15\n');
  });

  it('is a directory that can not be made', async () => {
    writeFileSync(join(root, 'file'), '');
    const dataDirectory = join(root, 'file', 'below');
    await expect(startPostgres({ lifetime: 'parent', dataDirectory })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_UNWRITABLE',
    });
  });

  it('is what a killed start left, which the next one takes over', async () => {
    const dataDirectory = join(root, 'killed');
    mkdirSync(join(dataDirectory, 'building-2147483646-x'), { recursive: true });
    const server = await startPostgres({ lifetime: 'parent', dataDirectory });
    expect(existsSync(join(dataDirectory, 'building-2147483646-x'))).toBe(false);
    await server.stop();
  });
});
