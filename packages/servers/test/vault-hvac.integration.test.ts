import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { PostgresAccess } from '../src/postgres-access.ts';
import { startVault } from '../src/vault/start-vault.ts';
import { prepare } from './vault-conformance/prepare.ts';
import { prepareDatabase } from './vault-conformance/prepare-database.ts';

const PYTHON = '/usr/bin/python3';

test('the Python client hvac can use it', async ({ skip }) => {
  const probe = spawnSync(PYTHON, ['-c', 'import hvac']);
  const reason = `hvac is missing: "${PYTHON} -c 'import hvac'" fails (Debian: python3-hvac)`;
  if (probe.status !== 0) {
    console.warn(`skipped: ${reason}`);
    skip(reason);
  }
  const vault = await startVault();
  const { given } = await prepare(vault.address, vault.rootToken);
  const database = await prepareDatabase(given, PostgresAccess.at(inject('postgresUrl')));
  try {
    const script = fileURLToPath(new URL('vault-hvac.py', import.meta.url));
    const env = {
      VAULT_ADDR: vault.address,
      VAULT_TOKEN: vault.rootToken,
      MOUNT: database.given.mount,
      CONNECTION: JSON.stringify(database.given.connection),
    };
    const { stdout } = await promisify(execFile)(PYTHON, [script], { env });
    expect(stdout).toBe('hvac is content\n');
  } finally {
    await database.end();
    await vault.stop();
  }
});
