import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startVault } from '../src/vault/start-vault.ts';

const PYTHON = '/usr/bin/python3';

test('the Python client hvac can use it', async ({ skip }) => {
  const probe = spawnSync(PYTHON, ['-c', 'import hvac']);
  const reason = `hvac is missing: "${PYTHON} -c 'import hvac'" fails (Debian: python3-hvac)`;
  if (probe.status !== 0) {
    console.warn(`skipped: ${reason}`);
    skip(reason);
  }
  const vault = await startVault();
  try {
    const script = fileURLToPath(new URL('vault-hvac.py', import.meta.url));
    const env = { VAULT_ADDR: vault.address, VAULT_TOKEN: vault.rootToken };
    const { stdout } = await promisify(execFile)(PYTHON, [script], { env });
    expect(stdout).toBe('hvac is content\n');
  } finally {
    await vault.stop();
  }
});
