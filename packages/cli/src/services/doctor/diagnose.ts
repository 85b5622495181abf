import {
  type Credentials,
  loadResolutionInput,
  openCredentials,
  type ResolutionInput,
  selectEnvironment,
} from '@spire/access';
import type { SpireDBConnector } from '@spire/sdk';
import { inTime } from '../in-time.ts';
import { examineConfig, examineVariables } from './examine-config.ts';
import {
  examineAuthentication,
  examineClock,
  examineFingerprint,
  examineRole,
  examineServer,
} from './examine-database.ts';
import { examineDns, examineTcp, examineTls } from './examine-network.ts';
import {
  examineHealth,
  examinePolicy,
  examineSecret,
  examineToken,
  PATIENCE,
} from './examine-vault.ts';
import { type HopListener, type HopReport, Walk } from './hop.ts';

/** The way from the config file to the data, hop by hop. */
export interface Diagnosis {
  /** Null when it could not be told which one is meant. */
  readonly environment: string | null;
  readonly hops: readonly HopReport[];
  /** The hop at which it ended; undefined when all are well. */
  readonly broken: HopReport | undefined;
  /** Who helps. */
  readonly contacts: readonly string[];
}

/** How long the end may take: a connection on which nothing comes any more is left behind. */
const CLOSE_MILLIS = 1000;

/** Walks from the config file to the data, as the connector does, and stops at the first broken hop. */
export async function diagnose(
  variables: ResolutionInput['variables'],
  environment: string | undefined,
  listener: HopListener = {},
): Promise<Diagnosis> {
  const walk = new Walk(listener);
  let name: string | null = environment ?? null;
  let contacts: readonly string[] = [];
  const broken = await walk.run(async () => {
    await walk.hop('config', async () => examineConfig(variables));
    const resolved = await walk.hop('variables', async () => {
      const input = loadResolutionInput(variables, environment);
      name = selectEnvironment(input).name;
      contacts = input.config.environments.get(name)?.contacts ?? [];
      return examineVariables(input);
    });
    let vaultSkew: number | undefined;
    if (resolved.values.vaultAddress) {
      const { client, health } = await walk.hop('vault', () => examineHealth(resolved));
      vaultSkew = (health.now.getTime() - Date.now()) / 1000;
      await walk.hop('token', () => examineToken(client));
      await walk.hop('policy', () => examinePolicy(client));
    } else {
      for (const hop of ['vault', 'token', 'policy'] as const)
        walk.skip(hop, 'no Vault is configured: DB_USER and DB_PASSWORD are used');
    }
    const credentials: Credentials = openCredentials(resolved, PATIENCE);
    try {
      const credential = await walk.hop('secret', () => examineSecret(credentials));
      await walk.hop('dns', () => examineDns(credential));
      await walk.hop('tcp', () => examineTcp(credential));
      if (resolved.values.tls?.value === 'disable')
        walk.skip('tls', `${resolved.name} is on this machine, and not encrypted`);
      else await walk.hop('tls', () => examineTls(credential));
      const spire = await walk.hop('authentication', () =>
        examineAuthentication(resolved, credentials),
      );
      try {
        await walk.hop('role', () => examineRole(spire));
        await walk.hop('server', () => examineServer(spire));
        await walk.hop('fingerprint', () => examineFingerprint(spire));
        await walk.hop('clock', () => examineClock(spire, vaultSkew));
      } finally {
        await closed(spire);
      }
    } finally {
      await credentials[Symbol.asyncDispose]();
    }
  });
  return { environment: name, hops: walk.hops, broken, contacts };
}

async function closed(spire: SpireDBConnector): Promise<void> {
  await inTime(spire.close(), CLOSE_MILLIS, () => new Error('not closed')).catch(() => {});
}
