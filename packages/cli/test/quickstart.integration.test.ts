import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BINS, ended, Home } from './spire-process.ts';

const home = new Home({}, BINS.sources);
afterAll(() => home.end());

const countOf = async (table: string) => {
  const { rows } = await home.json('db', 'query', `select count(*) from ${table}`);
  return Number(rows[0][0]);
};

describe('the quickstart', () => {
  const config = '# mine\nactive_env: local\n';

  it('goes from an empty home to a recorded run, and leaves the config file as it is', async () => {
    mkdirSync(join(home.directory, '.spire'));
    writeFileSync(join(home.directory, '.spire', 'config.yml'), config, { mode: 0o600 });
    const { exitCode, stdout, stderr } = await home.spire(['quickstart', '--no-shim']);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/Read the password of spire from Vault/);
    expect(stderr).toMatch(/Applied \d+ migrations/);
    expect(stderr).toMatch(/Created workflow spire_adobe_30 from examples/);
    expect(stdout).toMatch(/spire_adobe_30 +training .* success/);
    expect(readFileSync(join(home.directory, '.spire', 'config.yml'), 'utf8')).toBe(config);
  });

  it('keeps what is there when it runs again, and records one more run', async () => {
    const before = await Promise.all(['workflows', 'job_configs', 'history'].map(countOf));
    const { stdout, exitCode } = await home.spire(['quickstart', '--no-shim', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      workflow: 'spire_adobe_30',
      local: { vault: { running: true } },
    });
    const after = await Promise.all(['workflows', 'job_configs', 'history'].map(countOf));
    expect(after).toEqual([before[0], before[1], (before[2] ?? 0) + 1]);
    expect(before[0]).toBe(61);
  });

  it.each([
    ['SIGKILL', /Postgres on port/],
    ['SIGKILL', /Read the password/],
    ['SIGKILL', /Applied/],
    ['SIGINT', /Read the password/],
  ] as const)('ended by %s after %s is taken over by the next one', async (signal, line) => {
    const other = new Home();
    try {
      const child = other.start(['quickstart', '--no-shim']);
      const end = ended(child);
      child.stderr?.on('data', (chunk: Buffer) => {
        if (line.test(chunk.toString())) child.kill(signal);
      });
      const { exitCode, signal: endedBy } = await end;
      expect([exitCode, endedBy]).toEqual(signal === 'SIGINT' ? [130, null] : [null, signal]);
      const before = await other.json('local', 'status');
      const again = await other.spire(['quickstart', '--no-shim']);
      expect(again.exitCode).toBe(0);
      const after = await other.json('local', 'status');
      expect([after.postgres.pid, after.vault.pid]).toEqual([
        before.postgres.pid,
        before.vault.pid,
      ]);
      const { rows } = await other.json('db', 'query', 'select count(*) from workflows');
      expect(rows).toEqual([['61']]);
    } finally {
      await other.end();
    }
  });
});

describe('without its servers', () => {
  it('says that Vault is gone, and local up heals it', async () => {
    const { vault } = await home.json('local', 'status');
    process.kill(vault.pid, 'SIGKILL');
    const { exitCode, stdout } = await home.spire(['workflows', 'list', '--json']);
    expect(exitCode).toBe(4);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'VAULT_UNAVAILABLE',
      suggestions: expect.arrayContaining(['Start it: spire local up']),
    });
    expect((await home.spire(['local', 'up'])).exitCode).toBe(0);
    expect((await home.json('workflows', 'list')).workflows).toHaveLength(50);
  });

  it('says that Postgres is gone, and local up heals it with its data', async () => {
    const { postgres } = await home.json('local', 'status');
    process.kill(postgres.pid, 'SIGKILL');
    const { exitCode, stdout } = await home.spire(['workflows', 'list', '--json']);
    expect(exitCode).toBe(5);
    expect(JSON.parse(stdout).error.code).toBe('CONNECTION_FAILED');
    expect((await home.spire(['local', 'up'])).exitCode).toBe(0);
    expect(await countOf('workflows')).toBe(61);
  });
});

describe('what is in the way', () => {
  it('is a port in use', async () => {
    const other = new Home();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    try {
      const { exitCode, stderr } = await other.spire(['local', 'up', '--postgres-port', port]);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/PORT_IN_USE/);
    } finally {
      server.close();
      await other.end();
    }
  });

  it('is a ~/.spire that can not be written', async () => {
    const other = new Home();
    writeFileSync(join(other.directory, '.spire'), 'not a directory');
    const { exitCode, stderr } = await other.spire(['quickstart', '--no-shim']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/can't be (written|read)/);
    expect(stderr).not.toMatch(/\n +at /);
    await other.end();
  });
});
