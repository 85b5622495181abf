import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startVault, type VaultServer } from '../src/vault/start-vault.ts';
import { openStorage } from '../src/vault/storage.ts';
import { findVaultProcess, startVaultProcess } from '../src/vault/vault-process.ts';

let directory: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vault-process-'));
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await (await findVaultProcess(directory))?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const inDirectory = (name: string) => join(directory, name);

async function ask(vault: VaultServer, method: string, path: string, body?: object) {
  const response = await fetch(`${vault.address}/v1/${path}`, {
    method,
    headers: { 'X-Vault-Token': vault.rootToken },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}

async function answers({ address }: { address: string }): Promise<boolean> {
  return fetch(`${address}/v1/sys/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function isInTable(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** What every user of the machine, or at least its owner, can see of a process. */
function argumentsAndEnvironment(pid: number): string {
  if (!existsSync('/proc/self/environ')) {
    return spawnSync('ps', ['eww', '-o', 'command=', '-p', String(pid)]).stdout.toString();
  }
  return ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'utf8')).join();
}

/** Another process that starts a Vault on the directory and says which. */
async function startElsewhere(lifetime: 'parent' | 'detached') {
  const module = new URL('../src/vault/vault-process.ts', import.meta.url).href;
  const script = `
    import { startVaultProcess } from ${JSON.stringify(module)};
    const options = { lifetime: ${JSON.stringify(lifetime)}, dataDirectory: process.argv[1] };
    const { address, pid } = await startVaultProcess(options);
    console.log(JSON.stringify({ address, pid }));
    setInterval(() => {}, 1000);`;
  const args = ['--input-type=module', '--eval', script, directory];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(String(data)));
    child.once('exit', () => reject(new Error('it ended')));
  });
  return { child, ...(JSON.parse(line) as { address: string; pid: number }) };
}

describe('state in a file', () => {
  test('all of it is there after a restart', async () => {
    const file = inDirectory('vault.json');
    const first = await startVault({ file });
    await ask(first, 'POST', 'sys/mounts/old', { type: 'kv', options: { version: '1' } });
    await ask(first, 'POST', 'old/__proto__', { a: 1 });
    await ask(first, 'POST', 'secret/data/a', { data: { map: [['x', 1]] } });
    await ask(first, 'POST', 'secret/data/a', { data: { b: 2 } });
    await ask(first, 'DELETE', 'secret/data/a');
    const policy = 'path "secret/*" { capabilities = ["read"] }';
    await ask(first, 'PUT', 'sys/policies/acl/reader', { policy });
    const made = await ask(first, 'POST', 'auth/token/create', {
      policies: ['reader'],
      num_uses: 2,
    });
    const token = made.body.auth.client_token;
    await ask({ ...first, rootToken: token }, 'GET', 'secret/data/a');
    await first.stop();

    const second = await startVault({ file });
    try {
      expect(second.rootToken).toBe(first.rootToken);
      expect((await ask(second, 'GET', 'old/__proto__')).body.data).toEqual({ a: 1 });
      expect((await ask(second, 'GET', 'secret/data/a')).status).toBe(404);
      const old = await ask(second, 'GET', 'secret/data/a?version=1');
      expect(old.body.data.data).toEqual({ map: [['x', 1]] });
      const reader = { ...second, rootToken: token };
      expect((await ask(reader, 'GET', 'secret/data/a?version=1')).status).toBe(200);
      expect((await ask(reader, 'GET', 'secret/data/a?version=1')).status).toBe(403);
    } finally {
      await second.stop();
    }
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('what was wrapped is opened after a restart, once', async () => {
    const file = inDirectory('vault.json');
    const first = await startVault({ file });
    const wrapped = await fetch(`${first.address}/v1/sys/wrapping/wrap`, {
      method: 'POST',
      headers: { 'X-Vault-Token': first.rootToken, 'X-Vault-Wrap-TTL': '1h' },
      body: '{"a": 1}',
    });
    const { wrap_info } = (await wrapped.json()) as { wrap_info: { token: string } };
    const { token } = wrap_info;
    await first.stop();
    const second = await startVault({ file });
    const opened = await ask(second, 'POST', 'sys/wrapping/unwrap', { token });
    expect(opened.body.data).toEqual({ a: 1 });
    await second.stop();
    const third = await startVault({ file });
    try {
      expect((await ask(third, 'POST', 'sys/wrapping/unwrap', { token })).status).toBe(400);
    } finally {
      await third.stop();
    }
  });

  test('a file from before there were wrapped answers and leases is taken', async () => {
    const file = inDirectory('vault.json');
    const first = await startVault({ file });
    await ask(first, 'POST', 'secret/data/a', { data: { a: 1 } });
    await first.stop();
    const { wrapped, leases, ...before } = JSON.parse(readFileSync(file, 'utf8'));
    expect([wrapped, leases]).toEqual([{}, {}]);
    writeFileSync(file, JSON.stringify(before));
    const second = await startVault({ file });
    try {
      expect((await ask(second, 'GET', 'secret/data/a')).body.data.data).toEqual({ a: 1 });
      const lookup = { token: 'hvs.none' };
      expect((await ask(second, 'POST', 'sys/wrapping/lookup', lookup)).status).toBe(400);
    } finally {
      await second.stop();
    }
  });

  test('a root token that is given takes the place of the kept one', async () => {
    const file = inDirectory('vault.json');
    const first = await startVault({ file });
    await first.stop();
    const second = await startVault({ file, rootToken: 'chosen' });
    try {
      expect((await ask(second, 'GET', 'auth/token/lookup-self')).status).toBe(200);
      const former = { ...second, rootToken: first.rootToken };
      expect((await ask(former, 'GET', 'auth/token/lookup-self')).status).toBe(403);
    } finally {
      await second.stop();
    }
  });

  test('a write that fails changes nothing and says so', async () => {
    const file = inDirectory('vault.json');
    const vault = await startVault({ file });
    try {
      await ask(vault, 'POST', 'secret/data/a', { data: { a: 1 } });
      rmSync(directory, { recursive: true });
      const failed = await ask(vault, 'POST', 'secret/data/a', { data: { a: 2 } });
      expect([failed.status, failed.body]).toEqual([500, { errors: ['internal error (ENOENT)'] }]);
      const { body } = await ask(vault, 'GET', 'secret/data/a');
      expect(body.data).toMatchObject({ data: { a: 1 }, metadata: { version: 1 } });
    } finally {
      await vault.stop();
    }
  });

  test('a file that is something else is refused, without its content', async () => {
    for (const content of ['{"rootToken": "canary"', '{"rootToken": "canary"}', '']) {
      writeFileSync(inDirectory('vault.json'), content);
      const refused = { code: 'DATA_DIRECTORY_INCOMPATIBLE' };
      const options = { lifetime: 'detached', dataDirectory: directory } as const;
      for (const start of [
        () => startVault({ file: inDirectory('vault.json') }),
        () => startVaultProcess(options),
      ]) {
        const error = await start().catch((thrown) => thrown);
        expect(error).toMatchObject(refused);
        expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain('canary');
      }
    }
  });

  test('a server killed in the middle of writes leaves all that it acknowledged', async () => {
    for (let round = 0; round < 3; round += 1) {
      const vault = await startVaultProcess({ lifetime: 'parent', dataDirectory: directory });
      const acknowledged: string[] = [];
      const filling = 'x'.repeat(20_000);
      const writer = async (name: string) => {
        for (let index = 0; ; index += 1) {
          const path = `round-${round}-${name}-${index}`;
          const { status } = await ask(vault, 'POST', `secret/data/${path}`, { data: { filling } });
          if (status === 200) acknowledged.push(path);
        }
      };
      const writers = ['a', 'b', 'c'].map((name) => writer(name).catch(() => {}));
      await expect.poll(() => acknowledged.length, { interval: 1 }).toBeGreaterThan(10 + round);
      process.kill(vault.pid, 'SIGKILL');
      await Promise.all(writers);

      const { state } = openStorage(inDirectory('vault.json'));
      const secret = state.mounts.get('secret/');
      if (secret?.version !== 2) throw new Error('the mount is gone');
      const kept = [...secret.secrets.keys()];
      expect(kept).toEqual(expect.arrayContaining(acknowledged));
      expect(state.rootToken).toBe(vault.rootToken);
    }
  });
});

describe('a process', () => {
  test('stops for good, and keeps its files to itself', async () => {
    const options = { lifetime: 'detached', dataDirectory: inDirectory('deep/er') } as const;
    process.env.DB_PASSWORD = 'canary';
    const vault = await startVaultProcess(options);
    expect(await answers(vault)).toBe(true);
    const seen = argumentsAndEnvironment(vault.pid);
    expect(seen).toContain('vault-main');
    expect(seen).not.toContain(vault.rootToken);
    expect(seen).not.toContain('canary');
    expect(statSync(options.dataDirectory).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(options.dataDirectory)) {
      const file = join(options.dataDirectory, name);
      expect([name, statSync(file).mode & 0o777]).toEqual([name, 0o600]);
      const secret = readFileSync(file, 'utf8').includes(vault.rootToken);
      expect([name, secret]).toEqual([name, name === 'vault.json']);
    }
    delete process.env.DB_PASSWORD;
    await vault.stop();
    expect(await answers(vault)).toBe(false);
    // Exited; that it is also gone from the table of processes takes Node a moment.
    await expect.poll(() => isInTable(vault.pid), { interval: 5 }).toBe(false);
    expect(existsSync(join(options.dataDirectory, 'vault.pid'))).toBe(false);
    await vault.stop();
  });

  test('that is detached outlives its starter and is found again', async () => {
    const first = await startElsewhere('detached');
    const ended = new Promise((resolve) => first.child.once('exit', resolve));
    first.child.kill('SIGKILL');
    await ended;
    const found = await findVaultProcess(directory);
    expect(found).toMatchObject({ pid: first.pid, address: first.address });
    const again = await startVaultProcess({ lifetime: 'detached', dataDirectory: directory });
    expect(again.pid).toBe(first.pid);
    expect((await ask(again, 'GET', 'auth/token/lookup-self')).status).toBe(200);
  });

  test('that belongs to its parent ends when the parent is killed', async () => {
    const { child, address, pid } = await startElsewhere('parent');
    expect(await answers({ address })).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(() => answers({ address }), { timeout: 5000, interval: 10 }).toBe(false);
    await expect.poll(() => existsSync(inDirectory('vault.pid')), { interval: 10 }).toBe(false);
    expect(await findVaultProcess(directory)).toBeUndefined();
    expect(pid).toBeGreaterThan(0);
  });

  test('starts once, however many ask at the same time', async () => {
    const options = { lifetime: 'detached', dataDirectory: directory } as const;
    const elsewhere = [1, 2, 3].map(() => startElsewhere('detached'));
    const here = [1, 2, 3].map(() => startVaultProcess(options));
    const all = await Promise.all([...elsewhere, ...here]);
    expect(new Set(all.map(({ pid }) => pid)).size).toBe(1);
  });

  test('starts though a killed process left its lock', async () => {
    const dead = spawnSync(process.execPath, ['--eval', '0']).pid;
    writeFileSync(inDirectory('start-lock.7'), String(dead));
    const options = { lifetime: 'detached', dataDirectory: directory } as const;
    const all = await Promise.all([1, 2, 3].map(() => startVaultProcess(options)));
    expect(new Set(all.map(({ pid }) => pid)).size).toBe(1);
  });

  test('needs a directory that it can write', async () => {
    writeFileSync(inDirectory('file'), '');
    const options = { lifetime: 'detached', dataDirectory: inDirectory('file') } as const;
    const unwritable = { code: 'DATA_DIRECTORY_UNWRITABLE' };
    await expect(startVaultProcess(options)).rejects.toMatchObject(unwritable);
  });

  test('whose port is taken says which', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const options = { lifetime: 'parent', dataDirectory: directory, port: port ?? 0 } as const;
    const taken = { code: 'PORT_IN_USE', message: expect.stringContaining(String(port)) };
    await expect(startVaultProcess(options)).rejects.toMatchObject(taken);
    await expect(startVault({ port: options.port })).rejects.toMatchObject(taken);
    other.close();
  });
});

describe('a pid file that is left behind', () => {
  const content = { instance: 'gone', startedAt: new Date().toISOString() };
  const leave = (more: object) =>
    writeFileSync(inDirectory('vault.pid'), JSON.stringify({ ...content, ...more }));

  test('by a process that is dead', async () => {
    const vault = await startVaultProcess({ lifetime: 'parent', dataDirectory: directory });
    await ask(vault, 'POST', 'secret/data/a', { data: { a: 1 } });
    process.kill(vault.pid, 'SIGKILL');
    await expect.poll(() => answers(vault), { interval: 10 }).toBe(false);
    expect(existsSync(inDirectory('vault.pid'))).toBe(true);
    expect(await findVaultProcess(directory)).toBeUndefined();
    expect(existsSync(inDirectory('vault.pid'))).toBe(false);
    const next = await startVaultProcess({ lifetime: 'parent', dataDirectory: directory });
    expect(next.pid).not.toBe(vault.pid);
    expect((await ask(next, 'GET', 'secret/data/a')).body.data.data).toEqual({ a: 1 });
  });

  test('and names a process that is something else', async () => {
    leave({ pid: process.pid, port: 1 });
    expect(await findVaultProcess(directory)).toBeUndefined();
    expect(existsSync(inDirectory('vault.pid'))).toBe(false);
  });

  test('and names another Vault, which stays as it is', async () => {
    const other = await startVault();
    try {
      leave({ pid: process.pid, port: other.port });
      const vault = await startVaultProcess({ lifetime: 'parent', dataDirectory: directory });
      expect(vault.port).not.toBe(other.port);
      await vault.stop();
      expect(await answers(other)).toBe(true);
    } finally {
      await other.stop();
    }
  });

  test('half written', async () => {
    writeFileSync(inDirectory('vault.pid'), '{"pid":');
    expect(await findVaultProcess(directory)).toBeUndefined();
    const vault = await startVaultProcess({ lifetime: 'parent', dataDirectory: directory });
    expect(await answers(vault)).toBe(true);
  });
});
