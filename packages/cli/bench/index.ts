import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@spire/servers';
import { dumpingPostgres, measureDrift } from './drift.ts';
import { measure } from './measure.ts';
import { measureNothingPending, measureNothingPendingAsProcess } from './nothing-pending.ts';

// Both sides in one run: the packed command beside a bare Node, migrations beside drizzle's and beside a
// dump. The SDK beside other drivers is in apps/bench.

const root = join(import.meta.dirname, '..');
const home = mkdtempSync(join(tmpdir(), 'spire-bench-'));
const variables = { ...process.env, HOME: home, SPIRE_CONFIG_DIR: join(home, '.spire') };
const node = (...args: string[]) =>
  execFileSync(process.execPath, args, { env: variables, stdio: ['ignore', 'pipe', 'pipe'] });
const spire = join(root, 'dist', 'spire.js');

node(join(root, 'scripts', 'build.ts'));
try {
  node(spire, 'quickstart', '--no-shim');
  console.log('The command, from the start of the process to its end:');
  await measure(
    [
      { name: 'node -e 0', run: () => void node('-e', '0') },
      { name: 'spire --version', goal: 2.3, run: () => void node(spire, '--version') },
      {
        name: 'spire db password --raw (Vault included)',
        goal: 3,
        run: () => void node(spire, 'db', 'password', '-e', 'local', '--raw'),
      },
      { name: 'spire env show', goal: 3.5, run: () => void node(spire, 'env', 'show') },
      {
        name: 'spire workflows list (Vault and Postgres included)',
        goal: 6,
        run: () => void node(spire, 'workflows', 'list'),
      },
    ],
    21,
  );
  await measureMigrations();
} finally {
  node(spire, 'local', 'down');
  rmSync(home, { recursive: true, force: true });
}

async function measureMigrations(): Promise<void> {
  // pg_dump dumps a server of its own version.
  const binaries = dumpingPostgres();
  const server = await startPostgres({ lifetime: 'parent', ...(binaries && { binaries }) });
  try {
    console.log('\nMigrations where nothing is pending, of 300 applied:');
    await measureNothingPending(server, home);
    console.log("\nThe same as a process, with Spire's own migrations:");
    await measureNothingPendingAsProcess(server, home, () => void node(spire, 'migrate', 'up'));
    console.log('\nWhether a database of 100 tables has drifted:');
    await measureDrift(server, home, binaries);
  } finally {
    await server.stop();
  }
}
