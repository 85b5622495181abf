import type { SpireDBConnector } from '@spire/sdk';
import type { CopyOptions, Side } from '@spire/transfer';
import { currentActor } from './current-actor.ts';

/** What a copy from one environment into another has to know of both. */
export function copyOptions(
  target: SpireDBConnector,
  toolVersion: string,
  source?: SpireDBConnector,
): Pick<CopyOptions, 'actor' | 'maskSecret' | 'own' | 'target'> {
  const { SPIRE_MASK_SECRET: maskSecret } = process.env;
  return {
    actor: currentActor(toolVersion),
    target: { environment: target.environment.name, ...addressesOf(target) },
    ...(source ? { own: addressesOf(source) } : {}),
    ...(maskSecret ? { maskSecret } : {}),
  };
}

function addressesOf({ environment, pool }: SpireDBConnector) {
  const { vaultAddress, readPath } = environment.values;
  return {
    host: pool.options.host,
    vaultAddress: vaultAddress?.value,
    vaultReadPath: readPath?.value,
  };
}

/** A connected environment, as transfers see it. */
export function sideOf(spire: SpireDBConnector): Side {
  return { environment: spire.environment.name, sessions: spire.pool as Side['sessions'] };
}
