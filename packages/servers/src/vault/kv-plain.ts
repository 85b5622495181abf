import { durationSeconds } from './duration.ts';
import type { Answer, Call, Route } from './engine.ts';
import type { JsonObject } from './fields.ts';
import { listKeys } from './key-listing.ts';
import { RequestError } from './request-error.ts';
import type { PlainMount } from './state.ts';

/** Vault's default lease, which KV version 1 reports as the time to read a secret again. */
const DEFAULT_LEASE = 768 * 3600;

/** KV version 1: what is written is what is read. */
export function plainRoutes({ secrets }: PlainMount): readonly Route[] {
  const keyOf = ({ captures }: Call) => captures[0] ?? '';
  return [
    {
      pattern: /^(.*)$/,
      exists: (call) => secrets.has(keyOf(call)),
      list: (call) => listKeys(secrets.keys(), keyOf(call)),
      read(call): Answer | undefined {
        const data = secrets.get(keyOf(call));
        return data && { data, leaseDuration: leaseOf(data) };
      },
      update(call): undefined {
        if (keyOf(call) === '') throw new RequestError(400, 'missing path');
        if (Object.keys(call.body).length === 0) throw new RequestError(400, 'missing data fields');
        secrets.set(keyOf(call), call.body);
      },
      delete(call): undefined {
        secrets.delete(keyOf(call));
      },
    },
  ];
}

function leaseOf(data: JsonObject): number {
  const ttl = data.ttl ?? data.lease;
  if (typeof ttl !== 'string' && typeof ttl !== 'number') return DEFAULT_LEASE;
  try {
    return durationSeconds(ttl, 'ttl');
  } catch {
    return DEFAULT_LEASE;
  }
}
