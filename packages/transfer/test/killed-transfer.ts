import { type FaultMode, startFaultProxy } from '@spire/servers';
import { refresh } from '../src/index.ts';
import { actor, openSide } from './open-side.ts';

// Refreshes one database from another and harms something at one step: itself, as a machine that loses its
// power; the sessions of one side, as a server that restarts; the connections to it, as a network does; or what
// goes through them, which nobody notices, so that somebody breaks it off.

const { SOURCE = '', TARGET = '', LOOKING = '', KILL_AT = '', KILL = '' } = process.env;
const [which, what] = KILL.split(' ') as [
  'source' | 'target',
  'connection' | 'silence' | undefined,
];

/** A side, and what ends all its sessions there or on the way to it. */
async function harmable(environment: string, url: string, own: number[] = []) {
  const direct = await openSide(environment, url, own);
  const { hostname: host, port } = new URL(url);
  const proxy = await startFaultProxy({ target: { host, port: Number(port) } });
  const through = new URL(url);
  through.host = `${proxy.host}:${proxy.port}`;
  const side = await openSide(environment, through.href, own);
  const kill = () =>
    direct.client.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`);
  return { side, proxy, kill };
}

const controller = new AbortController();
const breakOff = () => controller.abort(Object.assign(new Error('enough'), { code: 'BROKEN_OFF' }));

const sides = {
  source: await harmable('staging', SOURCE),
  target: await harmable('development', TARGET, LOOKING.split(',').map(Number)),
};

/** The COMMIT of the swap isn't heard, or its answer isn't. */
function cutCommit(): void {
  const { proxy } = sides.target;
  let heard = false;
  proxy.tap = (direction, chunk): FaultMode | undefined => {
    heard ||= direction === 'client' && chunk.includes('commit\0');
    if (!heard || (KILL_AT === 'committed' && direction === 'client')) return undefined;
    if (what === 'connection') return 'reset';
    setImmediate(breakOff);
    return 'blackhole';
  };
}

async function harm(): Promise<void> {
  if (KILL === 'spire') process.kill(process.pid, 'SIGKILL');
  const { kill, proxy } = sides[which];
  if (what === undefined) await kill();
  else if (what === 'connection') proxy.reset();
  else {
    proxy.mode = 'blackhole';
    breakOff();
  }
}

const outcome = await refresh(sides.source.side, sides.target.side, {
  actor,
  target: { environment: 'development' },
  jobs: 2,
  signal: controller.signal,
  async onStep({ kind }) {
    if (kind === KILL_AT) await harm();
    if (kind === 'swapping' && KILL_AT.startsWith('commit')) cutCommit();
  },
}).then(
  () => 'done',
  ({ code, message }) => `${code}: ${message}`,
);
process.stdout.write(outcome);
process.exit();
