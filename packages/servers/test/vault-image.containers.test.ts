import { test } from 'vitest';

// The requests that our Vault answers as a real one does, asked of the real one in a container.
const { SPIRE_TEST_VAULT_ADDR, SPIRE_TEST_VAULT_MISSING } = process.env;

if (SPIRE_TEST_VAULT_ADDR) {
  await import('./vault-conformance.integration.test.ts');
} else {
  console.warn(`SKIPPED: the conformance of a real Vault: ${SPIRE_TEST_VAULT_MISSING}`);
  test('a real Vault', ({ skip }) => skip(SPIRE_TEST_VAULT_MISSING));
}
