import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  AccessError,
  configDirectory,
  configPath,
  describeOrigin,
  loadConfigFile,
  loadLogins,
  type ResolutionInput,
  type ResolvedEnvironment,
  readCaFile,
  resolveEnvironment,
} from '@spire/access';
import { requireConfigured } from '../require-configured.ts';
import type { Finding } from './hop.ts';

/**
 * The config file and the logins: there, readable by their owner alone, and what they should be.
 *
 * @throws AccessError `CONFIG_INSECURE`, `CONFIG_INVALID`.
 */
export function examineConfig(variables: ResolutionInput['variables']): Finding<void> {
  const directory = configDirectory(variables);
  const file = configPath(directory);
  const { environments } = loadConfigFile(file);
  const logins = loadLogins(directory);
  requirePrivate(dirname(file));
  const names = [...environments.keys()].join(', ') || 'no environment';
  const found = existsSync(file)
    ? `${file}: ${names}`
    : `${file} isn't there: variables alone count`;
  const known = logins.map(({ environment }) => environment).join(', ');
  return { value: undefined, found: known ? `${found}; logins: ${known}` : found };
}

/** Spire makes it 0700; others could list it otherwise. */
function requirePrivate(directory: string): void {
  if (process.platform === 'win32' || !existsSync(directory)) return;
  if ((statSync(directory).mode & 0o077) === 0) return;
  throw new AccessError('CONFIG_INSECURE', `Other users may look into ${directory}.`, {
    suggestions: [`chmod 700 '${directory}'`],
  });
}

/**
 * Every value, without network: what contradicts, and what is missing.
 *
 * @throws AccessError `VALUES_CONFLICT`, `CONFIG_INVALID`, `CREDENTIALS_MISSING`.
 */
export function examineVariables(input: ResolutionInput): Finding<ResolvedEnvironment> {
  const environment = resolveEnvironment(input);
  const { name, values, selectedBy, notices } = environment;
  requireConfigured(environment, `${name} is not configured.`);
  readCaFile(environment, 'caFile');
  readCaFile(environment, 'vaultCaFile');
  const from = values.host ? `host from ${describeOrigin(values.host.origin)}` : 'host from Vault';
  const found = [`${name}, chosen by ${describeOrigin(selectedBy)}; ${from}`, ...notices];
  return { value: environment, found: found.join('\n') };
}
