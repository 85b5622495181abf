import { tracingChannel } from 'node:diagnostics_channel';
import type { VaultAnswer } from './client.ts';
import { Refusal } from './refusal.ts';
import { NoAnswer } from './transport.ts';

/** What a message on the channel says: nothing of a body or a token. */
export interface VaultRequestEvent {
  readonly environment: string;
  /** The one of Vault's addresses that is asked. */
  readonly address: string;
  readonly method: string;
  /** Below `/v1/`, without what stands behind a question mark. */
  readonly path: string;
  /** From 1. */
  readonly attempt: number;
  /** Of the answer; undefined as long as there is none, and when none came. */
  status: number | undefined;
  /** Why no answer came, such as `ECONNREFUSED`. */
  reason: string | undefined;
}

const channel = tracingChannel<VaultRequestEvent>('spire:vault:request');

type Result = VaultAnswer | Refusal | NoAnswer;

/**
 * Publishes a request on the tracing channel `spire:vault:request` of `node:diagnostics_channel`: the
 * `asyncEnd` of each says what became of it, also of one that failed. Without a subscriber nothing is done.
 *
 * @param describe says what is asked, when somebody listens.
 */
export async function traced(
  send: () => Promise<Result>,
  describe: () => Omit<VaultRequestEvent, 'status' | 'reason'>,
): Promise<Result> {
  if (!channel.hasSubscribers) return send();
  const event: VaultRequestEvent = { ...describe(), status: undefined, reason: undefined };
  let result: Result | undefined;
  // What this function gives, the channel would publish, and it is a secret.
  await channel.tracePromise(async () => {
    result = await send();
    if (result instanceof NoAnswer) event.reason = result.reason;
    else event.status = result instanceof Refusal ? result.status : Number(result.statusCode);
  }, event);
  return result as unknown as Result;
}
