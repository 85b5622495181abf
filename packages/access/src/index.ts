export { removeEntry, setActiveEnvironment, setEntries } from './config-edit.ts';
export { type ConfigFile, configDirectory, configPath, loadConfigFile } from './config-file.ts';
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
export { loadEnvironment, loadResolutionInput, localConfigPath } from './load-environment.ts';
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
  selectEnvironment,
} from './select-environment.ts';
export { VALUE_NAMES } from './value-names.ts';
export { connectVault, type TokenStatus, type Vault, type VaultSecret } from './vault.ts';
