export { databaseCa, databaseCaFile, readCaFile } from './ca-file.ts';
export { type ClientConnection, clientConnection } from './clients/client-connection.ts';
export { type PasswordCommand, passwordCommandLine } from './clients/password-command.ts';
export { pgServiceFile, serviceName } from './clients/pg-service.ts';
export {
  comparePgAdminServers,
  type PasswordSource,
  type PgAdminComparison,
  type PgAdminServer,
  type PgAdminServers,
  pgAdminServers,
} from './clients/pgadmin-servers.ts';
export { pgpassLine } from './clients/pgpass.ts';
export { completeEnvironment, requireHost, secretPath } from './complete-environment.ts';
export { removeEntry, setActiveEnvironment, setEntries } from './config-edit.ts';
export { type ConfigFile, configDirectory, configPath, loadConfigFile } from './config-file.ts';
export {
  type Credentials,
  type CredentialsOptions,
  openCredentials,
} from './credentials.ts';
export {
  type AccessMode,
  type DatabaseCredential,
  fetchCredential,
} from './database-credential.ts';
export {
  BUILT_IN_ENVIRONMENTS,
  describeOrigin,
  type EnvironmentValues,
  LOCAL,
  type Origin,
  type Resolved,
  type ResolvedEnvironment,
  type TlsMode,
} from './environment.ts';
export { AccessError, type AccessErrorCode } from './errors.ts';
export type { CredentialStatus } from './held-credential.ts';
export {
  afterImport,
  type ImportedVariable,
  type ImportPlan,
  planImport,
} from './import-plan.ts';
export { loadEnvironment, loadResolutionInput, localConfigPath } from './load-environment.ts';
export {
  hasExpired,
  isPersonal,
  type LoginMethod,
  loadLogins,
  loginPath,
  removeLogin,
  type StoredLogin,
  storeLogin,
} from './login-store.ts';
export { readPrivateFile, removePrivateFile, writePrivateFile } from './private-file.ts';
export { resolveEnvironment } from './resolve-environment.ts';
export { type AstronomerOptions, readAstronomer } from './runtime/read-astronomer.ts';
export { type DatabricksOptions, readDatabricks } from './runtime/read-databricks.ts';
export { readDotenv } from './runtime/read-dotenv.ts';
export { readProcess } from './runtime/read-process.ts';
export type { Runtime, RuntimeVariable } from './runtime/runtime-variables.ts';
export { Secret } from './secret.ts';
export {
  environmentNames,
  type ResolutionInput,
  requireKnown,
  type Selection,
  selectEnvironment,
} from './select-environment.ts';
export { readShareCode, type ShareCode, shareCode } from './share-code.ts';
export { parseToken, VALUE_KEYS, VALUE_NAMES, valueKeyOf } from './value-names.ts';
export { openVault, type VaultClient, type VaultPatience } from './vault/client.ts';
export { readHealth, type VaultHealth } from './vault/health.ts';
export { logInWithOidc, type OidcOptions } from './vault/oidc.ts';
export type { VaultRequestEvent } from './vault/request-channel.ts';
export {
  findSecret,
  type Lease,
  readSecret,
  type SecretPlace,
  type VaultSecret,
} from './vault/secret.ts';
export type { LoggedIn, ServiceAuth } from './vault/service-auth.ts';
export { unwrapToken, type WrappedToken, wrapChildToken } from './vault/shared-token.ts';
export {
  lookUpToken,
  mayRead,
  revokeToken,
  rightsOn,
  type SecretRights,
  type TokenStatus,
} from './vault/token.ts';
export { waysToGetAToken } from './vault/ways-to-get-a-token.ts';
export { coversVaultAddresses, listVaultAddresses } from './vault-addresses.ts';
