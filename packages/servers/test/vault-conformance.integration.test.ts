import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, inject, test } from 'vitest';
import { PostgresAccess } from '../src/postgres-access.ts';
import { startVault } from '../src/vault/start-vault.ts';
import { conformance, databaseConformance } from './vault-conformance/conformance.ts';
import { type Conformance, prepare } from './vault-conformance/prepare.ts';
import { type DatabaseConformance, prepareDatabase } from './vault-conformance/prepare-database.ts';

interface Target {
  readonly address: string;
  readonly rootToken: string;
  stop(): Promise<void>;
}

const { SPIRE_TEST_VAULT_ADDR: address, SPIRE_TEST_VAULT_TOKEN: rootToken } = process.env;

const targets: readonly [string, () => Promise<Target>][] =
  address && rootToken
    ? [['a real Vault', async () => ({ address, rootToken, stop: async () => {} })]]
    : [
        ['in memory', () => startVault()],
        ['with a file', startWithFile],
      ];

async function startWithFile(): Promise<Target> {
  const directory = mkdtempSync(join(tmpdir(), 'vault-'));
  const vault = await startVault({ file: join(directory, 'vault.json') });
  const stop = async () => {
    await vault.stop();
    rmSync(directory, { recursive: true });
  };
  return { address: vault.address, rootToken: vault.rootToken, stop };
}

describe.each(targets)('Vault %s', (_name, start) => {
  let target: Target;
  let prepared: { given: Conformance; end(): Promise<void> };
  let database: { given: DatabaseConformance; end(): Promise<void> };
  beforeAll(async () => {
    target = await start();
    prepared = await prepare(target.address, target.rootToken);
    database = await prepareDatabase(prepared.given, PostgresAccess.at(inject('postgresUrl')));
  });
  afterAll(async () => {
    await database?.end();
    await prepared?.end();
    await target?.stop();
  });

  test.each(conformance)('%s', async (_request, run) => {
    await run(prepared.given);
  });
  test.each(databaseConformance)('%s', async (_request, run) => {
    await run(database.given);
  });
});
