import { existsSync } from 'node:fs';
import { loadConfigFile, setEntries, writePrivateFile } from '@spire/access';
import { portsOf, type ServerPair } from '../server-pair.ts';
import { PRACTICE_ENVIRONMENTS, type PracticeEnvironment } from './practice-environments.ts';
import type { PracticePaths } from './practice-paths.ts';

const CONTACTS = ['DevOps of the practice organisation <devops@practice.example>'];

/**
 * What the config file says from the last time.
 *
 * @throws AccessError `CONFIG_INVALID`, `CONFIG_INSECURE`.
 */
export function readDescription(paths: PracticePaths) {
  const entries = loadConfigFile(paths.configFile).environments.get('production')?.entries;
  return { ports: portsOf(entries), token: entries?.get('VAULT_TOKEN')?.value };
}

/** Writes down how to reach the three environments; what somebody else wrote into the file stays. */
export function describePractice(paths: PracticePaths, servers: ServerPair, token: string): void {
  const sections = PRACTICE_ENVIRONMENTS.map(
    (environment) => [environment.name, entriesOf(environment, paths, servers, token)] as const,
  );
  if (existsSync(paths.configFile)) {
    const { environments } = loadConfigFile(paths.configFile);
    for (const [name, entries] of sections) {
      const written = environments.get(name)?.entries;
      const changed = [...entries].filter(([key, value]) => written?.get(key)?.value !== value);
      if (changed.length > 0) setEntries(paths.configFile, name, new Map(changed));
    }
    return;
  }
  const lines = sections.flatMap(([name, entries]) => [
    `  ${name}:`,
    ...[...entries].map(([key, value]) => `    ${key}: ${JSON.stringify(value)}`),
    `    contacts: ${JSON.stringify(CONTACTS)}`,
  ]);
  const text = [
    '# The practice organisation. spire practice up puts its values right again; yours stay.',
    'environments:',
    ...lines,
    '',
  ].join('\n');
  writePrivateFile(paths.configFile, text);
}

function entriesOf(
  { database, readPath, writePath }: PracticeEnvironment,
  paths: PracticePaths,
  { postgres, vault }: ServerPair,
  token: string,
): ReadonlyMap<string, string> {
  return new Map([
    // Not its address: the certificate is made out to the name.
    ['DB_HOSTNAME', 'localhost'],
    ['DB_PORT', String(postgres.port)],
    ['DB_NAME', database],
    ['DB_CA_FILE', paths.ca],
    ['VAULT_ADDRESS', vault.address],
    ['VAULT_READ_PATH', readPath],
    ...(writePath === readPath ? [] : [['VAULT_WRITE_PATH', writePath] as const]),
    ['VAULT_TOKEN', token],
  ]);
}
