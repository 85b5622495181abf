import { execFile, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SpireDBConnector } from '../src/index.ts';
import { localEnvironment } from './local-environment.ts';

let local: Awaited<ReturnType<typeof localEnvironment>>;
const connect = (options: object = {}) =>
  SpireDBConnector.create({ environment: 'local', variables: local.variables, ...options });

const asOwner = (statement: string) => local.asOwner(statement);

beforeAll(async () => {
  local = await localEnvironment();
});
afterAll(() => local?.end());

describe('create', () => {
  it('connects with the credential from Vault, and says so', async () => {
    await using spire = await connect();
    expect(spire.environment.values.vaultAddress?.value).toBe(local.vault.address);
    const { rows } = await spire.pool.query('select current_setting($1) as name', [
      'application_name',
    ]);
    expect(rows[0].name).toBe('spire');
  });

  it('gives limits that no statement can undo, where it is direct', async () => {
    await using spire = await connect({
      pool: { direct: true, lockMillis: 1500, statementMillis: 2500 },
    });
    const client = await spire.pool.connect();
    await client.query('set lock_timeout = 0; reset all');
    const { rows } = await client.query(
      `select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement,
         current_setting('default_transaction_read_only') as read_only`,
    );
    client.release();
    expect(rows).toEqual([{ lock: '1500ms', statement: '2500ms', read_only: 'off' }]);
  });

  it('lets a statement end with its process, and its locks with it', async () => {
    const script = `
      import { SpireDBConnector } from ${JSON.stringify(import.meta.resolve('../src/index.ts'))};
      const spire = await SpireDBConnector.create({ environment: 'local', pool: { direct: true } });
      await spire.pool.query('select pg_sleep(50)');`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
      env: { ...process.env, ...local.variables },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    await using spire = await connect();
    const sleeping = async () => {
      const { rows } = await spire.pool.query(
        `select 1 from pg_stat_activity where query = 'select pg_sleep(50)' and datname = current_database()`,
      );
      return rows.length;
    };
    await expect.poll(sleeping, { timeout: 10_000 }).toBe(1);
    child.kill('SIGKILL');
    await expect.poll(sleeping, { timeout: 10_000 }).toBe(0);
  });

  it('lets a script go on after its end', async () => {
    const script = `
      import { SpireDBConnector } from ${JSON.stringify(import.meta.resolve('../src/index.ts'))};
      const spire = await SpireDBConnector.create({ environment: 'local' });
      await spire.pool.query('select 1');
      await spire.close();
      console.log('closed');`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module-typescript', '--eval', script],
      { env: { ...process.env, ...local.variables }, timeout: 20_000 },
    );
    expect(stdout).toBe('closed\n');
  });

  it('shows no password, whichever way it is looked at', async () => {
    await using spire = await connect();
    const password = new URL(local.database).password;
    const shown = [
      inspect(spire, { depth: 9 }),
      JSON.stringify(spire.environment),
      String(spire.pool.options),
    ];
    expect(shown.join('\n')).not.toContain(password);
    expect(shown.join('\n')).not.toContain(local.vault.rootToken);
  });

  it('may only read when asked so', async () => {
    await using spire = await connect({ access: 'read-only' });
    await expect(spire.workflows.create({ name: 'x', description: 'x' })).rejects.toMatchObject({
      code: 'READ_ONLY',
    });
  });

  it('runs nothing on a database that says it is another', async () => {
    await asOwner(`update spire.environment set name = 'staging'`);
    try {
      await expect(connect()).rejects.toMatchObject({ code: 'ENVIRONMENT_MISMATCH' });
    } finally {
      await asOwner(`update spire.environment set name = 'local'`);
    }
  });

  it('reads a database that nobody has claimed', async () => {
    await asOwner('alter table spire.environment rename to hidden');
    try {
      await using spire = await connect();
      expect((await spire.workflows.list()).workflows).toEqual([]);
    } finally {
      await asOwner('alter table spire.hidden rename to environment');
    }
  });

  it('says which environment is missing when there is no local one', async () => {
    const nowhere = { SPIRE_CONFIG_DIR: join(local.variables.SPIRE_CONFIG_DIR, 'nowhere') };
    await expect(connect({ variables: nowhere })).rejects.toMatchObject({
      code: 'ENVIRONMENT_UNKNOWN',
    });
    rmSync(nowhere.SPIRE_CONFIG_DIR, { recursive: true, force: true });
  });
});

describe('transaction', () => {
  it('writes all or nothing', async () => {
    await using spire = await connect();
    const attempt = spire.transaction(async (tx) => {
      await tx.workflows.create({ name: 'spire_tx', description: '' });
      throw new Error('changed my mind');
    });
    await expect(attempt).rejects.toThrow('changed my mind');
    await expect(spire.workflows.getByName('spire_tx')).rejects.toMatchObject({
      code: 'WORKFLOW_NOT_FOUND',
    });
  });

  it('runs again after a serialization failure, and no client is lost', async () => {
    await using spire = await connect({ pool: { max: 2 } });
    const { id } = await spire.workflows.create({ name: 'spire_counter', description: '0' });
    const increment = () =>
      spire.transaction(
        async (tx) => {
          const { description } = await tx.workflows.get(id);
          await tx.workflows.update(id, { description: String(Number(description) + 1) });
        },
        { isolationLevel: 'serializable', attempts: 20 },
      );
    await Promise.all([increment(), increment(), increment(), increment()]);
    expect((await spire.workflows.get(id)).description).toBe('4');
    expect(spire.pool.totalCount).toBe(spire.pool.idleCount);
  });

  it('is refused on a closed connector', async () => {
    const spire = await connect();
    await spire.close();
    await expect(spire.transaction(async () => 1)).rejects.toMatchObject({
      code: 'CONNECTOR_CLOSED',
    });
  });
});
