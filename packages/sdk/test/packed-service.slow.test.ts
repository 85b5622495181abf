import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SpireDBConnector } from '../src/index.ts';
import { localEnvironment } from './local-environment.ts';
import { installPacked } from './packed-packages.ts';

// The example as an outside package would have it: installed from tarballs, run as a process.

const USER = `packed_${process.pid}`;
const FIRST = 'canary-first';
const SECOND = 'canary-second';
const READ = '/v1/secret/data/data-innovation/spire/local/db';
const WORKFLOW = 'spire_adobe_30';

let packed: ReturnType<typeof installPacked>;
let local: Awaited<ReturnType<typeof localEnvironment>>;
let owner: pg.Client;
const asked: string[] = [];

beforeAll(async () => {
  packed = installPacked();
  local = await localEnvironment({
    log: ({ method, path }) => asked.push(`${method} ${path}`),
  });
  owner = new pg.Client({ connectionString: local.database });
  await owner.connect();
  await owner.query(
    `create role ${USER} login; grant pg_read_all_data, pg_write_all_data to ${USER}`,
  );
  await using spire = await SpireDBConnector.create({
    environment: 'local',
    variables: local.variables,
  });
  await spire.workflows.create({ name: WORKFLOW, description: 'Beauty', traitId: 30 });
}, 180_000);
afterAll(async () => {
  await owner?.query(`drop role if exists ${USER}`);
  await owner?.end();
  await local?.end();
  packed?.end();
});

const counted = async (what: string): Promise<number> => {
  const { rows } = await owner.query(
    `select count(*) filter (where ${what})::int as count from pg_stat_activity
      where usename = '${USER}'`,
  );
  return rows[0].count;
};
const changePassword = (password: string) =>
  owner.query(`alter role ${USER} password '${password}'`);

/** A service that listens, and what it printed. */
async function startService(node: string) {
  const child = spawn(node, ['service.ts'], {
    cwd: packed.service,
    env: { PATH: process.env.PATH, PORT: '0', ...local.variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const { promise: listens, resolve, reject } = Promise.withResolvers<number>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      printed += chunk;
      const [, port] = /port: (\d+)/.exec(printed) ?? [];
      if (port) resolve(Number(port));
    });
  }
  child.once('exit', () => reject(new Error(`the service ended: ${printed}`)));
  const port = await listens;
  return {
    child,
    port,
    printed: () => printed,
    ask: (path: string, init = {}) => fetch(`http://127.0.0.1:${port}${path}`, init),
  };
}

describe('a tarball', () => {
  it.each(['schema', 'access', 'sdk'])('of %s is found right by publint and attw', (name) => {
    const tarball = packed.tarballs.find((file) => file.startsWith(`spire-${name}-`)) ?? '';
    expect(packed.judge('publint', tarball, '--strict')).toContain('All good!');
    expect(packed.judge('attw', tarball, '--profile', 'esm-only')).toContain('node16 (from ESM)');
  });
});

describe('the example', () => {
  it('has types that are strict and whole', () => {
    const tsc = (...args: string[]) =>
      spawnSync(join(packed.service, 'node_modules', '.bin', 'tsc'), args, {
        cwd: packed.service,
        encoding: 'utf8',
      });
    expect(tsc()).toMatchObject({ stdout: '', status: 0 });
    // Drizzle's own are not, with any driver.
    const { stdout } = tsc('--skipLibCheck', 'false', '--pretty', 'false');
    const errors = stdout.split('\n').filter((line) => /^\S.*error TS\d/.test(line));
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.filter((line) => !line.includes('/node_modules/drizzle-orm/'))).toEqual([]);
  }, 120_000);

  it.each(['22', 'of the workspace'])(
    'answers, outlives a rotation and ends well on Node %s',
    async (version) => {
      await changePassword(FIRST);
      await local.keep(USER, FIRST);
      const node = version === '22' ? packed.oldestNode : process.execPath;
      const wanted = version === '22' ? 'v22.' : process.version;
      expect(spawnSync(node, ['--version']).stdout.toString()).toContain(wanted);
      const service = await startService(node);
      try {
        await answersItsRoutes(service);
        await outlivesRotation(service);
        await endsWell(service);
        expect(service.printed()).not.toMatch(/canary|Error|Warning/);
      } finally {
        service.child.kill('SIGKILL');
      }
    },
    60_000,
  );
});

type Service = Awaited<ReturnType<typeof startService>>;
const many = (count: number, { ask }: Service) =>
  Promise.all(
    Array.from({ length: count }, async () => (await ask(`/workflows/${WORKFLOW}`)).status),
  );
const all = (count: number) => Array.from({ length: count }, () => 200);

async function answersItsRoutes({ ask }: Service): Promise<void> {
  const { workflows } = (await (await ask('/workflows')).json()) as { workflows: object[] };
  expect(workflows).toMatchObject([{ name: WORKFLOW }]);
  expect(await (await ask(`/workflows/${WORKFLOW}`)).json()).toMatchObject({ traitId: 30 });
  const post = (name: string, body: string) =>
    ask(`/workflows/${name}/history`, { method: 'POST', body });
  const run = { stage: 'training', argDate: '2026-11-01', status: 'success' };
  const recorded = await post(WORKFLOW, JSON.stringify(run));
  expect(recorded.status).toBe(201);
  const { id } = (await recorded.json()) as { id: string };
  expect((await owner.query('select stage from history where id = $1', [id])).rows).toEqual([
    { stage: 'training' },
  ]);
  expect((await post('nobody', JSON.stringify(run))).status).toBe(404);
  expect((await post(WORKFLOW, JSON.stringify({ ...run, stage: 'lunch' }))).status).toBe(400);
  expect((await post(WORKFLOW, '{')).status).toBe(400);
  expect((await ask('/elsewhere')).status).toBe(404);
  expect(await (await ask('/healthz')).json()).toMatchObject({ healthy: true, state: 'ready' });
}

async function outlivesRotation(service: Service): Promise<void> {
  expect(await many(100, service)).toEqual(all(100));
  const sessions = await counted('true');
  expect(sessions).toBeGreaterThan(1);
  const before = asked.filter((one) => one === `GET ${READ}`).length;
  await changePassword(SECOND);
  await local.keep(USER, SECOND);
  expect(await counted('pg_terminate_backend(pid, 5000)')).toBe(sessions);
  expect(await many(200, service)).toEqual(all(200));
  expect(asked.filter((one) => one === `GET ${READ}`).length - before).toBe(1);
}

async function endsWell(service: Service): Promise<void> {
  const { child, port, ask } = service;
  await owner.query('begin; lock table workflows in access exclusive mode');
  const answered = many(30, service);
  await expect.poll(() => counted(`wait_event_type = 'Lock'`), PATIENT).toBe(10);
  const health = await ask('/healthz');
  expect(health.status).toBe(503);
  expect(await health.json()).toMatchObject({ pool: { active: 10, waiting: 21 } });
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await expect.poll(() => isListening(port), PATIENT).toBe(false);
  await owner.query('commit');
  const released = performance.now();
  expect(await answered).toEqual(all(30));
  expect(await ended).toEqual([0, null]);
  expect(performance.now() - released).toBeLessThan(3000);
  await expect.poll(() => counted('true'), PATIENT).toBe(0);
}

const PATIENT = { timeout: 5000 };

const isListening = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
