import { existsSync, readFileSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { isAlive } from './process-life.ts';

/** What a running server writes about itself into `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** Reads `postmaster.pid` of a cluster; undefined when there is none, or only half of one. */
export function readPostmaster(cluster: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0 || !port) return undefined;
  return { pid, port, ready: lines[7]?.trim() === 'ready' };
}

/** The server that runs on a cluster; undefined when what `postmaster.pid` names is gone. */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const postmaster = readPostmaster(cluster);
  if (!postmaster || !isAlive(postmaster.pid)) return undefined;
  const isServer =
    worksIn(postmaster.pid, cluster) ??
    (!postmaster.ready || (await speaksPostgres(postmaster.port)));
  return isServer ? postmaster : undefined;
}

/**
 * Lets Postgres start beside the `postmaster.pid` of a server that is gone, even when its process id
 * by now belongs to another program: the id of the process that starts Postgres counts as stale.
 * Without the file, Postgres wouldn't see sessions of a killed server that still write.
 */
export function disownPostmasterFile(cluster: string): void {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^.*/, String(process.pid)));
}

/** Whether a process works in a directory, as Postgres does in its cluster; undefined: not to be seen. */
export function worksIn(pid: number, directory: string): boolean | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(directory);
  } catch {
    return undefined;
  }
}

/** Asks for TLS as a client would: only a Postgres answers with a single S or N. */
function speaksPostgres(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 2000 });
    const answer = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.once('connect', () => socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])));
    socket.once('data', (data) => answer(data.length === 1 && (data[0] === 83 || data[0] === 78)));
    socket.once('error', () => answer(false));
    // Busy is not gone.
    socket.once('timeout', () => answer(true));
    socket.once('close', () => answer(false));
  });
}
