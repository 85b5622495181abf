import {
  type AccessMode,
  type DatabaseCredential,
  databaseCaFile,
  listVaultAddresses,
  type ResolvedEnvironment,
  VALUE_NAMES,
} from '@spire/access';
import { connectionUrl } from './connection-url.ts';

/** What belongs to an environment besides its values and what libpq reads. */
const OTHERS = ['DATABASE_URL', 'DEPLOYMENT_ENV', 'SPIRE_ENVIRONMENT'];

/**
 * The variables of a child that works on an environment: the caller's, without what this environment
 * wasn't resolved from, since that belongs to another one; and what a client of Postgres or Vault reads.
 * The password is among them, which is what a child is run for.
 */
export function childVariables(
  caller: NodeJS.ProcessEnv,
  environment: ResolvedEnvironment,
  credential: DatabaseCredential,
  access: AccessMode,
  applicationName: string,
): NodeJS.ProcessEnv {
  const { tls, vaultAddress } = environment.values;
  const caFile = databaseCaFile(credential.environment);
  const known = [...Object.values(VALUE_NAMES).flatMap(({ names }) => names), ...OTHERS];
  const own = Object.values(environment.values).flatMap(({ origin }) =>
    origin.kind === 'variable' ? origin.name : [],
  );
  const kept = Object.entries(caller).filter(
    ([name]) => own.includes(name) || !(known.includes(name) || /^PG[A-Z]/.test(name)),
  );
  const options = access === 'read-only' ? '-c default_transaction_read_only=on' : undefined;
  return {
    ...Object.fromEntries(kept),
    DEPLOYMENT_ENV: environment.name,
    SPIRE_ENVIRONMENT: environment.name,
    PGHOST: credential.host,
    PGPORT: String(credential.port),
    PGDATABASE: credential.database,
    PGUSER: credential.user,
    PGPASSWORD: credential.password.reveal(),
    PGSSLMODE: tls?.value ?? 'verify-full',
    ...(caFile ? { PGSSLROOTCERT: caFile } : {}),
    PGAPPNAME: applicationName,
    ...(options ? { PGOPTIONS: options } : {}),
    DATABASE_URL: connectionUrl(environment, credential, { withPassword: true, options }),
    ...(vaultAddress ? vaultVariables(vaultAddress.value) : {}),
  };
}

/** Vault's own command line takes one address. */
function vaultVariables(addresses: string): NodeJS.ProcessEnv {
  return { VAULT_ADDR: listVaultAddresses(addresses)[0], VAULT_ADDRESS: addresses };
}
