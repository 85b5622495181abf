import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { AccessError } from './errors.ts';

/** What a file that may hold secrets says. */
export interface PrivateFile {
  readonly text: string;
  /** False when other users may read it, which is no fault as long as it holds no secret. */
  readonly isPrivate: boolean;
}

/**
 * Reads a file that may hold secrets, or says where secrets are sent: nobody else may have put it
 * there.
 *
 * @returns undefined when it isn't there.
 * @throws AccessError `CONFIG_INSECURE` (a symlink; or another user may write it or to its
 * directory), `CONFIG_INVALID` (can't be read).
 * @example
 * const file = readPrivateFile('/home/ann/.spire/config.yml');
 * if (file && !file.isPrivate) warn();
 */
export function readPrivateFile(path: string): PrivateFile | undefined {
  try {
    const status = lstatSync(path);
    if (status.isSymbolicLink()) {
      throw new AccessError('CONFIG_INSECURE', `${path} is a symbolic link.`, {
        suggestions: ['Put the file itself in its place: Spire keeps secrets there.'],
      });
    }
    const directory = dirname(path);
    requireOwn(directory, statSync(directory), '700');
    requireOwn(path, status, '600');
    const bytes = readFileSync(path);
    if (!isUtf8(bytes)) {
      throw new AccessError('CONFIG_INVALID', `${path} isn't UTF-8 text.`, {
        suggestions: ['Save it again as UTF-8.'],
      });
    }
    return { text: bytes.toString('utf8'), isPrivate: !hasModes() || (status.mode & 0o077) === 0 };
  } catch (cause) {
    if (cause instanceof AccessError) throw cause;
    if (isAbsent(cause)) return undefined;
    const { code } = cause as NodeJS.ErrnoException;
    throw new AccessError('CONFIG_INVALID', `${path} can't be read (${code}).`, { cause });
  }
}

/**
 * Writes a file that only its owner may read, in one step: a reader sees the old one or the new one.
 * Its directory is made if need be, for its owner alone.
 *
 * @throws AccessError `CONFIG_UNWRITABLE`.
 */
export function writePrivateFile(path: string, content: string): void {
  const temporary = `${path}.${randomUUID()}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, content, { mode: 0o600, flag: 'wx', flush: true });
    chmodSync(temporary, 0o600);
    renameSync(temporary, path);
  } catch (cause) {
    removeQuietly(temporary);
    throw unwritable(path, 'written', cause);
  }
}

/**
 * Removes a file.
 *
 * @returns whether there was one.
 * @throws AccessError `CONFIG_UNWRITABLE`.
 */
export function removePrivateFile(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (cause) {
    if (isAbsent(cause)) return false;
    throw unwritable(path, 'removed', cause);
  }
}

/** Refuses what another user than this one or root owns or may write to. */
function requireOwn(path: string, status: Stats, mode: string): void {
  if (!hasModes()) return;
  // In a directory such as /tmp, everybody may add files, and nobody may replace another's.
  const isSticky = status.isDirectory() && (status.mode & 0o1000) !== 0;
  if ((status.mode & 0o022) !== 0 && !isSticky) {
    throw new AccessError('CONFIG_INSECURE', `Other users may write to ${path}.`, {
      suggestions: [`chmod ${mode} '${path}'`],
    });
  }
  const me = process.getuid?.();
  // Root in a container often works in another user's home.
  if (me !== 0 && status.uid !== me && status.uid !== 0) {
    throw new AccessError('CONFIG_INSECURE', `${path} belongs to another user.`, {
      suggestions: [`sudo chown "$(id -un)" '${path}'`],
    });
  }
}

/** Windows has no modes, and Node makes them up there. */
function hasModes(): boolean {
  return process.platform !== 'win32';
}

function isAbsent(cause: unknown): boolean {
  const { code } = cause as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** The error of a file that can't be written or removed. */
export function unwritable(path: string, done: string, cause: unknown): AccessError {
  return new AccessError('CONFIG_UNWRITABLE', `${path} can't be ${done}.`, {
    suggestions: [
      `Give yourself write permission on ${dirname(path)}.`,
      'Or name another directory in SPIRE_CONFIG_DIR.',
    ],
    cause,
  });
}

/** What kept a file from being written may keep it from being removed: the first reason counts. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {}
}
