import type { JsonObject } from './fields.ts';
import type { VaultState } from './state.ts';
import { newAccessor, newTokenId } from './token-life.ts';

/** An answer that is kept for whoever comes first with its token. */
export interface WrappedResponse {
  readonly accessor: string;
  /** The path of the request that was answered. */
  readonly creationPath: string;
  /** Milliseconds since 1970. */
  readonly creationTime: number;
  /** Seconds. */
  readonly ttl: number;
  readonly body: JsonObject;
}

/**
 * Keeps an answer and makes a token for it, which opens it once and can do nothing else.
 *
 * @returns what Vault calls `wrap_info`.
 */
export function wrapResponse(
  state: VaultState,
  kept: Omit<WrappedResponse, 'accessor'>,
): JsonObject {
  const token = newTokenId();
  const accessor = newAccessor();
  state.wrapped.set(token, { ...kept, accessor });
  const auth = kept.body.auth as { accessor?: string } | null | undefined;
  return {
    token,
    accessor,
    ttl: kept.ttl,
    creation_time: new Date(kept.creationTime).toISOString(),
    creation_path: kept.creationPath,
    ...(auth?.accessor ? { wrapped_accessor: auth.accessor } : {}),
  };
}

/** The answer that a token opens; undefined when it was opened, or its time is over. */
export function wrappedBy(
  state: VaultState,
  token: string | undefined,
  now: number,
): WrappedResponse | undefined {
  const wrapped = token === undefined ? undefined : state.wrapped.get(token);
  return wrapped && wrappingEnd(wrapped) > now ? wrapped : undefined;
}

/** When it can no longer be opened, in milliseconds since 1970. */
export function wrappingEnd({ creationTime, ttl }: WrappedResponse): number {
  return creationTime + ttl * 1000;
}
