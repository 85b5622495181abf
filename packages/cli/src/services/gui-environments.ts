import { join, resolve } from 'node:path';
import { getCACertificates } from 'node:tls';
import {
  AccessError,
  type ClientConnection,
  clientConnection,
  configDirectory,
  configPath,
  environmentNames,
  loadResolutionInput,
  type ResolvedEnvironment,
  requireKnown,
  resolveEnvironment,
  type Secret,
  writePrivateFile,
} from '@spire/access';
import { readLastingCredential } from './lasting-credential.ts';

/** An environment that a program outside of Spire can connect to. */
export interface GuiEnvironment {
  readonly connection: ClientConnection;
  readonly password: Secret;
}

/** An environment that such a program isn't told of, and why. */
export interface LeftOut {
  readonly environment: string;
  readonly configured: boolean;
  readonly error: unknown;
}

/** What there is for programs outside of Spire. */
export interface GuiEnvironments {
  readonly environments: readonly GuiEnvironment[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Reads how every environment is connected to. Process variables don't count: programs with a window have
 * none of a shell's.
 *
 * @param named only these; default: all that are configured.
 * @throws AccessError what kept one that was named; without names, `CREDENTIALS_MISSING` when there is none.
 */
export async function readGuiEnvironments(
  variables: NodeJS.ProcessEnv,
  named: readonly string[] | undefined,
): Promise<GuiEnvironments> {
  const { HOME, SPIRE_CONFIG_DIR } = variables;
  const input = loadResolutionInput({ HOME, SPIRE_CONFIG_DIR });
  const directory = resolve(configDirectory(variables));
  const systemCaFile = join(directory, 'certificates.pem');

  /** @returns undefined where nothing is configured. */
  async function read(environment: string): Promise<GuiEnvironment | undefined> {
    const resolved = resolveEnvironment({ ...input, environment });
    if (!isConfigured(resolved)) return undefined;
    const credential = await readLastingCredential(resolved);
    const { password } = credential;
    return { connection: clientConnection(credential, systemCaFile), password };
  }

  const environments: GuiEnvironment[] = [];
  const leftOut: LeftOut[] = [];
  const names = named ? [...new Set(named)] : environmentNames(input);
  for (const environment of names) requireKnown(environment, input);
  const results = await Promise.allSettled(names.map(read));
  for (const [index, result] of results.entries()) {
    const environment = names[index] ?? '';
    const found = result.status === 'fulfilled' ? result.value : undefined;
    if (found) {
      environments.push(found);
      continue;
    }
    const configured = result.status === 'rejected';
    const error = configured ? result.reason : notConfigured(environment, configPath(directory));
    if (named) throw error;
    leftOut.push({ environment, configured, error });
  }
  if (environments.length === 0) throw noneAtAll(leftOut);
  if (environments.some(({ connection }) => connection.caFile === systemCaFile)) {
    writePrivateFile(systemCaFile, `${getCACertificates('default').join('\n')}\n`);
  }
  return { environments, leftOut };
}

/** Without a host and without a Vault that may know one there is nothing to connect to. */
function isConfigured({ values }: ResolvedEnvironment): boolean {
  return Boolean(values.host || values.vaultAddress);
}

function notConfigured(name: string, file: string): AccessError {
  return new AccessError('CREDENTIALS_MISSING', `${name} isn't configured in ${file}.`, {
    environment: name,
    suggestions: [
      `Take its values from where it runs: spire login -e ${name} --from databricks`,
      `Or set them: spire env set VAULT_ADDRESS https://vault.example.com:8200 -e ${name}, and DB_HOSTNAME`,
    ],
  });
}

/** What keeps the first one that is configured; else nothing is. */
function noneAtAll(leftOut: readonly LeftOut[]): unknown {
  const told = leftOut.find(({ configured }) => configured);
  return (
    told?.error ??
    new AccessError('CREDENTIALS_MISSING', 'No environment is configured.', {
      suggestions: [
        'Make the local one: spire quickstart',
        'Or try a whole organisation: spire practice up',
        'Or take values from where it runs: spire login -e development --from databricks',
      ],
    })
  );
}
