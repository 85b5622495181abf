import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localCertificates } from '../src/certificates.ts';
import { findPostgres, startPostgres } from '../src/index.ts';
import { npmPostgresBinaries } from '../src/postgres-binaries.ts';
import { isAlive } from '../src/process-life.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'postgres \u00e9 '));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Programs of PostgreSQL 18 whose server is a script. */
function programs(name: string, script: string): string {
  const directory = join(root, `${name}-programs`);
  mkdirSync(directory);
  const write = (program: string, text: string) =>
    writeFileSync(join(directory, program), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  write('initdb', `exec '${npmPostgresBinaries()}/initdb' "$@"`);
  write(
    'postgres',
    `[ "$1" != --version ] || { echo 'postgres (PostgreSQL) 18.4'; exit; }\n${script}`,
  );
  return directory;
}

async function until(happened: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!happened()) {
    if (Date.now() > deadline) throw new Error('it did not happen within 10 s');
    await sleep(20);
  }
}

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

  it.each([
    ['the parent is killed', false],
    ['the parent is killed after the server', true],
  ])('leaves nothing behind when %s', async (_, serverFirst) => {
    const module = join(import.meta.dirname, '..', 'src', 'index.ts');
    const script = `import {startPostgres} from ${JSON.stringify(module)};
      const {pid, dataDirectory} = await startPostgres({lifetime: 'parent'});
      console.log(JSON.stringify({pid, dataDirectory})); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', script]);
    const line = await new Promise<string>((resolve) =>
      parent.stdout.once('data', (chunk) => resolve(String(chunk))),
    );
    const { pid, dataDirectory } = JSON.parse(line);
    if (serverFirst) {
      process.kill(pid, 'SIGKILL');
      await until(() => !isAlive(pid));
    }
    parent.kill('SIGKILL');
    await until(() => !isAlive(pid) && !existsSync(dataDirectory));
  });

  it('tries the next port, in the same directory, when one was taken in the last moment', async () => {
    const binaries = programs(
      'late',
      `[ -e "$0.tried" ] || { touch "$0.tried"; echo 'LOG: could not bind IPv4 address'; exit 1; }
       exec '${npmPostgresBinaries()}/postgres' "$@"`,
    );
    const server = await startPostgres({ lifetime: 'parent', binaries });
    expect(await ask(server.connectionString(), 'select 1 as one')).toEqual([{ one: 1 }]);
    await Promise.all([server.stop(), server.stop()]);
    expect(existsSync(server.dataDirectory)).toBe(false);
  });

  it('is reached without TLS, whatever PGSSLMODE says of servers elsewhere', async () => {
    process.env.PGSSLMODE = 'require';
    try {
      const server = await startPostgres({ lifetime: 'parent' });
      const copy = await server.createDatabase('copy');
      expect(await ask(copy, 'select 1 as one')).toEqual([{ one: 1 }]);
      await server.stop();
    } finally {
      delete process.env.PGSSLMODE;
    }
  });

  it('serves TLS that a client can verify', async () => {
    const server = await startPostgres({ lifetime: 'parent', tls: true });
    const base = {
      port: server.port,
      user: server.user,
      password: server.password,
    };
    const connect = async ({
      host = 'localhost',
      ...ssl
    }: {
      host?: string;
      [key: string]: unknown;
    }) => {
      const client = new pg.Client({ ...base, host, database: 'postgres', ssl });
      await client.connect();
      const { rows } = await client.query(
        'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
      );
      await client.end();
      return rows;
    };
    expect(await connect({ ca: server.ca })).toEqual([{ ssl: true }]);
    await expect(connect({})).rejects.toThrow(/certificate/);
    const stranger = await localCertificates(mkdtempSync(join(root, 'stranger-')));
    await expect(connect({ ca: stranger.ca })).rejects.toThrow(/certificate/);
    const named = connect({ ca: server.ca, host: '127.0.0.1', servername: 'db.example.com' });
    await expect(named).rejects.toThrow(/altnames/);
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

describe('a server that is already there', () => {
  const dataDirectory = () => join(root, 'there');
  const start = () => startPostgres({ lifetime: 'detached', dataDirectory: dataDirectory() });
  const pidFile = () => join(dataDirectory(), 'cluster', 'postmaster.pid');

  it.skipIf(!existsSync('/proc/self/cwd'))('is not taken for gone while it is busy', async () => {
    const server = await start();
    process.kill(server.pid, 'SIGSTOP');
    try {
      expect((await findPostgres(dataDirectory()))?.pid).toBe(server.pid);
      expect(existsSync(pidFile())).toBe(true);
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
  });

  it('is waited for while it ends, and then started anew', async () => {
    const server = await start();
    // A session holds up a smart shutdown, so that the second start certainly meets an ending server.
    const client = new pg.Client({ connectionString: server.connectionString() });
    client.on('error', () => {});
    await client.connect();
    process.kill(server.pid, 'SIGTERM');
    await until(() => readFileSync(pidFile(), 'utf8').includes('stopping'));
    const next = start();
    await client.end();
    expect((await next).pid).not.toBe(server.pid);
    await (await next).stop();
  });

  it.skipIf(!existsSync('/proc/self/cwd'))(
    'was killed while it started, and another program has its process id',
    async () => {
      writeFileSync(
        pidFile(),
        `${process.pid}\n${dataDirectory()}\n0\n1\n\n127.0.0.1\n\nstarting\n`,
      );
      expect(await findPostgres(dataDirectory())).toBeUndefined();
      const server = await start();
      expect(await ask(server.connectionString(), 'select 1 as one')).toEqual([{ one: 1 }]);
      await server.stop();
    },
  );
});

describe('the server program', () => {
  const failing = (name: string, script: string) => {
    const dataDirectory = join(root, name);
    mkdirSync(join(dataDirectory, 'cluster'), { recursive: true });
    writeFileSync(join(dataDirectory, 'cluster', 'PG_VERSION'), '18\n');
    // What an earlier start said is not what this one says.
    writeFileSync(join(dataDirectory, 'postgres.log'), 'LOG: could not bind IPv4 address\n');
    return startPostgres({ lifetime: 'parent', dataDirectory, binaries: programs(name, script) });
  };

  it('is not waited for when it was killed by a signal', async () => {
    const started = performance.now();
    await expect(failing('signal', 'echo last words; kill -KILL $$')).rejects.toMatchObject({
      code: 'SERVER_START_FAILED',
      message: expect.stringMatching(/ends:\nlast words$/),
    });
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("sees nothing of the caller's environment", async () => {
    process.env.CANARY_PASSWORD = 'canary-0123';
    try {
      const error = await failing('environment', 'env; exit 1').catch((caught) => caught);
      expect(error).toMatchObject({ code: 'SERVER_START_FAILED' });
      const log = readFileSync(join(root, 'environment', 'postgres.log'), 'utf8');
      expect(log).toContain('PATH=');
      expect(log).not.toContain('canary-0123');
    } finally {
      delete process.env.CANARY_PASSWORD;
    }
  });
});

describe('what is in the way', () => {
  it('is a directory of others, whose mode stays as it is', async () => {
    const dataDirectory = join(root, 'shared');
    mkdirSync(join(dataDirectory, 'cluster'), { recursive: true });
    chmodSync(dataDirectory, 0o755);
    await expect(startPostgres({ lifetime: 'parent', dataDirectory })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_INCOMPATIBLE',
    });
    expect(statSync(dataDirectory).mode & 0o777).toBe(0o755);
  });

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
