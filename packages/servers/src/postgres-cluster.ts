import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { ServersError } from './errors.ts';
import { postgresMajor, withoutRoot } from './postgres-binaries.ts';

const run = promisify(execFile);

/** The superuser of every cluster made here. */
export const SUPERUSER = 'postgres';

/**
 * Where a server keeps its files: `cluster` is Postgres' own data directory. The password lies in it,
 * so that one rename puts both in their place.
 */
export function clusterPaths(dataDirectory: string) {
  return {
    cluster: join(dataDirectory, 'cluster'),
    log: join(dataDirectory, 'postgres.log'),
    password: join(dataDirectory, 'cluster', 'superuser-password'),
  };
}

/**
 * Makes the cluster of a data directory unless it is there. It is built beside its place and
 * renamed, so that a kill in the middle leaves nothing half made. One process at a time may do so.
 */
export async function ensureCluster(dataDirectory: string, binaries: string): Promise<void> {
  const paths = clusterPaths(dataDirectory);
  if (existsSync(paths.cluster)) {
    requireSameMajor(paths.cluster, postgresMajor(binaries));
    return;
  }
  removeLeftovers(dataDirectory);
  const building = mkdtempSync(join(dataDirectory, 'building-'));
  const passwordFile = `${building}.password`;
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  const locale =
    postgresMajor(binaries) >= 17
      ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
      : ['--locale=C'];
  const initdb = withoutRoot(join(binaries, 'initdb'), [
    `--pgdata=${building}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-sync',
    '--no-instructions',
    ...locale,
  ]);
  if (initdb.owner !== undefined) {
    for (const path of [dataDirectory, building, passwordFile])
      chownSync(path, initdb.owner, initdb.owner);
  }
  try {
    await run(initdb.command, initdb.args, { env: initdb.env });
    renameSync(passwordFile, join(building, basename(paths.password)));
    renameSync(building, paths.cluster);
  } catch (cause) {
    rmSync(building, { recursive: true, force: true });
    rmSync(passwordFile, { force: true });
    throw new ServersError('SERVER_START_FAILED', `initdb failed in ${dataDirectory}.`, {
      suggestions: ['Look at the free space on the disk, and at the cause with DEBUG=*.'],
      cause,
    });
  }
}

function requireSameMajor(cluster: string, major: number): void {
  const versionFile = join(cluster, 'PG_VERSION');
  const found = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim() : 'nothing';
  if (Number(found) === major) return;
  throw new ServersError(
    'DATA_DIRECTORY_INCOMPATIBLE',
    `The data directory ${cluster} was made by PostgreSQL ${found}; this is PostgreSQL ${major}.`,
    {
      suggestions: [
        'Move the directory away to start with an empty one; nothing in it was touched.',
        `Or dump it with PostgreSQL ${found} first and load it again.`,
      ],
    },
  );
}

/** What an earlier start left that was killed. Its initdb may still write; then the next start tries. */
function removeLeftovers(dataDirectory: string): void {
  for (const name of readdirSync(dataDirectory)) {
    if (!name.startsWith('building-')) continue;
    try {
      rmSync(join(dataDirectory, name), { recursive: true, force: true });
    } catch {}
  }
}
