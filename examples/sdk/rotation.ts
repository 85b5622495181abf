import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { SpireDBConnector } from '@spire/sdk';
import pg from 'pg';

// What a changed password does to a service: the same reads over Spire, and over pg's pool as its manual shows it.
// The command that stands behind this file's name changes the password while both read.

const READS_BEFORE = 50;
const READS_AFTERWARDS = 100;
const MILLIS_BETWEEN = 20;
const NAME = 'spire_adobe_1001';

await using spire = await SpireDBConnector.create({ environment: 'staging', access: 'read-only' });
const { caFile } = spire.environment.values;
const ca = caFile ? `&sslrootcert=${encodeURIComponent(caFile.value)}` : '';
// A service without Spire has the password that it was started with.
const bare = new pg.Pool({ connectionString: `${spire.connectionString({ reveal: true })}${ca}` });
bare.on('error', () => {}); // Without a listener, an idle connection that breaks ends the process.

const sides = [
  { name: 'Spire', ask: () => spire.workflows.getByName(NAME), failures: [] as unknown[] },
  {
    name: 'pg alone',
    ask: () => bare.query('select * from workflows where name = $1', [NAME]),
    failures: [] as unknown[],
  },
];
const running: Promise<unknown>[] = [];
let reads = 0;

async function readOnce(): Promise<void> {
  reads += 1;
  for (const { ask, failures } of sides) {
    running.push(ask().catch((error) => failures.push(error.code)));
  }
  await sleep(MILLIS_BETWEEN);
}

async function changePassword([command = '', ...args]: string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [exitCode] = await once(child, 'close');
  if (exitCode !== 0) throw new Error(`the password wasn't changed: exit code ${exitCode}`);
}

while (reads < READS_BEFORE) await readOnce();
let changing = true;
const change = changePassword(process.argv.slice(2)).finally(() => {
  changing = false;
});
while (changing) await readOnce();
await change;
for (let left = READS_AFTERWARDS; left > 0; left--) await readOnce();
await Promise.all(running);
await bare.end();

for (const { name, failures } of sides) {
  const last = failures.length > 0 ? `, the last by ${failures.at(-1)}` : '';
  console.log(`${name.padEnd(8)}  ${failures.length} of ${reads} failed${last}`);
}
