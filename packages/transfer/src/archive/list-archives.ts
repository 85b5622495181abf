import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TransferError, type TransferErrorCode } from '../errors.ts';
import { readArchiveName } from './archive-name.ts';
import { openArchive } from './open-archive.ts';

/** An archive in a folder. */
export interface ListedArchive {
  readonly file: string;
  /** null where neither its name nor its header says so. */
  readonly environment: string | null;
  readonly takenAt: string | null;
  readonly bytes: number;
  readonly encrypted: boolean;
  /** The newest migration that it has; null where it is encrypted, or there is none. */
  readonly head: string | null;
  /** Why its header can't be read. All of it is read only when it is restored. */
  readonly problem: TransferErrorCode | null;
}

/** Lists the archives of a folder, the newest first. A folder that isn't there has none. */
export async function listArchives(folder: string): Promise<ListedArchive[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const listed = await Promise.all(
    names.filter((name) => /\.tar\.zst(\.age)?$/.test(name)).map((name) => look(folder, name)),
  );
  const key = ({ takenAt, file }: ListedArchive) => `${takenAt} ${file}`;
  return listed.sort((one, other) => (key(one) < key(other) ? 1 : -1));
}

async function look(folder: string, name: string): Promise<ListedArchive> {
  const file = join(folder, name);
  const named = readArchiveName(name);
  const encrypted = name.endsWith('.age');
  const known = {
    file,
    environment: named?.environment ?? null,
    takenAt: named?.takenAt.toISOString() ?? null,
    bytes: (await stat(file)).size,
    encrypted,
    head: null,
    problem: null,
  };
  if (encrypted) return known;
  const bytes = createReadStream(file);
  try {
    const { header, entries } = await openArchive(bytes);
    await entries.return([]);
    const { environment, takenAt, head } = header;
    return { ...known, environment, takenAt, head };
  } catch (error) {
    if (error instanceof TransferError) return { ...known, problem: error.code };
    throw error;
  } finally {
    bytes.destroy();
  }
}
