import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyMigrations, claimDatabase } from '@spire/migrate';
import { startPostgres } from '@spire/servers';
import { refresh } from '../src/index.ts';
import { contentOf } from './content-of.ts';
import { actor, openSide } from './open-side.ts';
import { insertSampleRows } from './sample-rows.ts';

// Refreshes a database whose disk is full, with a little more room each time, until it succeeds. It runs where
// it may mount what nobody else sees, and says how each attempt went.

const { DISK: disk = '' } = process.env;
const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk]);
if (mount.status !== 0) throw new Error(String(mount.stderr));
const ballast = join(disk, 'ballast');

/** Leaves so many bytes of the disk. */
function leave(bytes: number): void {
  rmSync(ballast, { force: true });
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
}

const server = await startPostgres({ lifetime: 'parent' });
try {
  const place = join(disk, 'tablespace');
  mkdirSync(place);
  const admin = await openSide('admin', server.connectionString());
  // What is written ahead is elsewhere: where that has no room Postgres itself ends.
  await admin.client.query(`create tablespace small location '${place}'`);
  await admin.client.query('create database source');
  await admin.client.query('create database target tablespace small');
  const side = async (environment: string, database: string, workflows: number) => {
    const one = await openSide(environment, server.connectionString(database));
    await applyMigrations(one.client, { actor });
    await claimDatabase(one.client, environment);
    await one.client.query('reset all');
    await insertSampleRows(one.client, workflows);
    return one;
  };
  const source = await side('staging', 'source', 60);
  const target = await side('development', 'target', 3);
  await target.client.query('checkpoint');
  const before = JSON.stringify(await contentOf(target.client));
  let code: string | undefined;
  for (let room = 0; code !== 'done' && room < 10_000_000; room += 60_000) {
    leave(room);
    let step = 'none';
    const outcome = await refresh(source, target, {
      actor,
      target: { environment: 'development' },
      jobs: 2,
      onStep({ kind }) {
        step = kind;
      },
    }).then(
      () => ({ code: 'done' }),
      (error) => ({ code: error.code, message: error.message, suggestion: error.suggestions[0] }),
    );
    code = outcome.code;
    const { rows } = await target.client.query(
      `select nspname from pg_namespace where nspname ~ '^spire_' order by 1`,
    );
    const same = before === JSON.stringify(await contentOf(target.client));
    const left = rows.map(({ nspname }) => nspname);
    process.stdout.write(`${JSON.stringify({ step, ...outcome, same, left })}\n`);
  }
} finally {
  await server.stop();
}
process.exit();
