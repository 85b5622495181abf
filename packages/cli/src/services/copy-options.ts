import type { SpireDBConnector } from '@spire/sdk';
import type { CopyOptions, Side } from '@spire/transfer';
import { currentActor } from './current-actor.ts';

/** What a copy into an environment has to know of it. */
export function copyOptions(
  target: SpireDBConnector,
  toolVersion: string,
): Pick<CopyOptions, 'actor' | 'maskSecret' | 'target'> {
  const { vaultAddress, readPath } = target.environment.values;
  const { SPIRE_MASK_SECRET: maskSecret } = process.env;
  return {
    actor: currentActor(toolVersion),
    target: {
      environment: target.environment.name,
      host: target.pool.options.host,
      vaultAddress: vaultAddress?.value,
      vaultReadPath: readPath?.value,
    },
    ...(maskSecret ? { maskSecret } : {}),
  };
}

/** A connected environment, as transfers see it. */
export function sideOf(spire: SpireDBConnector): Side {
  return { environment: spire.environment.name, sessions: spire.pool as Side['sessions'] };
}
