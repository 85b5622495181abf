export type { ApiServer } from './api-server.ts';
export { type StartAstronomerOptions, startAstronomer } from './astronomer.ts';
export { type Certificates, type CertificateTerms, localCertificates } from './certificates.ts';
export { type StartDatabricksOptions, startDatabricks } from './databricks.ts';
export { ServersError, type ServersErrorCode } from './errors.ts';
export type { FaultConnection, FaultDirection, FaultMode } from './fault-connection.ts';
export { type FaultProxy, type StartFaultProxyOptions, startFaultProxy } from './fault-proxy.ts';
export { freePort } from './free-port.ts';
export { findPostgres, type StartPostgresOptions, startPostgres } from './postgres.ts';
export { PostgresAccess } from './postgres-access.ts';
export type { PostgresServer } from './postgres-server.ts';
export { type StandbyServer, type StartStandbyOptions, startStandby } from './standby.ts';
export { withStartLock } from './start-lock.ts';
export { type StartVaultOptions, startVault, type VaultServer } from './vault/start-vault.ts';
export {
  findVaultProcess,
  type StartVaultProcessOptions,
  startVaultProcess,
} from './vault/vault-process.ts';
