import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Of a process of another machine, or another container, that shares the folder, nobody here knows whether it lives. */
const HERE = `.${hostname()}.`;
const END = '.part';

/** Under which name this process writes an archive until all of it is there. */
export function partOf(file: string): string {
  return `${file}${HERE}${process.pid}${END}`;
}

/**
 * Removes what processes of this machine left in a folder that were killed while they wrote an archive. What
 * may not be seen or removed stays.
 */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const at = name.lastIndexOf(HERE);
    const pid = name.slice(at + HERE.length, -END.length);
    const isPart = at > 0 && name.endsWith(END) && /^\d+$/.test(pid);
    const isArchive = /\.tar\.zst(\.age)?$/.test(name.slice(0, at));
    if (isPart && isArchive && !isAlive(Number(pid))) {
      await rm(join(folder, name), { force: true }).catch(() => {});
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's may not be asked.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
