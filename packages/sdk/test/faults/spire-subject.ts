import { resolveEnvironment } from '@spire/access';
import { SpireDBConnector } from '../../src/index.ts';
import type { Orm, Subject, SubjectTerms } from './subject.ts';

/** Spire's connector, whose credential is in Vault. */
export async function openSpire(terms: SubjectTerms): Promise<Subject> {
  const { max, connectMillis, spire: options = {} } = terms;
  const spire = await SpireDBConnector.create({
    environment: environmentOf(terms),
    access: 'read-write',
    ...options,
    pool: { max, connectMillis, ...options.pool },
  });
  return {
    side: 'spire',
    pool: spire.pool,
    orm: spire.db as unknown as Orm,
    transaction: (run, wanted) => spire.transaction((tx) => run(tx.db as unknown as Orm), wanted),
    hold: (run) => spire.withClient(run),
    close: () => spire.close(),
    spire,
  };
}

/** The environment that an entry of a config file would lead to. */
export function environmentOf({ host, port, database, caFile, vault }: SubjectTerms) {
  const values = {
    DB_HOSTNAME: host,
    DB_PORT: String(port),
    DB_NAME: database,
    VAULT_ADDRESS: vault.address,
    VAULT_TOKEN: vault.token,
    VAULT_READ_PATH: vault.path,
    ...(caFile ? { DB_TLS: 'verify-full', DB_CA_FILE: caFile } : { DB_TLS: 'disable' }),
  };
  const entries = new Map(
    Object.entries(values).map(([name, value], index) => [name, { value, line: index + 2 }]),
  );
  const none = { path: 'config.yml', activeEnvironment: undefined, environments: new Map() };
  const environments = new Map([['local', { entries, protected: undefined, contacts: [] }]]);
  return resolveEnvironment({
    environment: 'local',
    variables: {},
    config: none,
    local: { ...none, environments },
  });
}
