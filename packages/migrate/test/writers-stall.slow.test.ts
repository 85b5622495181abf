import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { applyMigrations } from '../src/index.ts';
import { migration } from './migration-file.ts';
import { useTestDatabase } from './test-database.ts';

const database = useTestDatabase('stall');
const LOCK_MILLIS = 5000;
const READER_SECONDS = 60;

test('behind a reader of 60 s, no writer waits longer than the lock timeout and a fifth', async () => {
  const [reader, writer] = [await database.connect(), await database.connect()];
  await writer.query('create table busy (id int)');
  const migrator = await database.connect({ lock_timeout: LOCK_MILLIS });
  await reader.query('begin; select * from busy');
  const reading = reader
    .query(`select pg_sleep(${READER_SECONDS})`)
    .then(() => reader.query('commit'));

  let done = false;
  let attempts = 0;
  const migrating = applyMigrations(migrator, {
    actor: { name: 'test', toolVersion: '0' },
    files: [migration(0, 'alter table busy add column more int;')],
    onStep: ({ kind }) => {
      if (kind === 'blocked') attempts += 1;
    },
  }).finally(() => {
    done = true;
  });

  let worst = 0;
  let writes = 0;
  while (!done) {
    const started = performance.now();
    await writer.query('insert into busy (id) values (1)');
    worst = Math.max(worst, performance.now() - started);
    writes += 1;
    // As often as a busy service writes.
    await sleep(10);
  }
  await Promise.all([migrating, reading]);
  console.log(
    `worst stall of ${writes} writes behind ${attempts} attempts: ${Math.round(worst)} ms (limit ${LOCK_MILLIS * 1.2} ms)`,
  );
  expect(attempts).toBeGreaterThan(4);
  expect(worst).toBeGreaterThan(LOCK_MILLIS * 0.8);
  expect(worst).toBeLessThan(LOCK_MILLIS * 1.2);
}, 120_000);
