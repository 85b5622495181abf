import { prolongUser } from './database-users.ts';
import { shortDuration } from './duration.ts';
import type { Answer, Call, Route } from './engine.ts';
import { fieldsOf } from './fields.ts';
import { type Lease, leaseIsOver, leaseSecondsLeft } from './lease.ts';
import { endLease, roleOf } from './lease-keeper.ts';
import { RequestError } from './request-error.ts';

/** `sys/leases`: credentials that end are looked at, renewed and ended. */
export const leaseRoutes: readonly Route[] = [
  { pattern: /^leases\/lookup$/, update: lookUp },
  { pattern: /^(?:leases\/)?renew$/, update: renew },
  { pattern: /^(?:leases\/)?revoke$/, update: revoke },
  { pattern: /^leases\/revoke-prefix\/(.+)$/, update: revokePrefix },
];

function lookUp(call: Call): Answer {
  const lease = found(call);
  return {
    data: {
      id: lease.id,
      issue_time: new Date(lease.issueTime).toISOString(),
      expire_time: new Date(lease.expireTime).toISOString(),
      last_renewal: lease.lastRenewal === null ? null : new Date(lease.lastRenewal).toISOString(),
      renewable: true,
      ttl: leaseSecondsLeft(lease, call.now),
    },
  };
}

async function renew(call: Call): Promise<Answer> {
  const lease = found(call);
  const { now } = call;
  const wanted = fieldsOf(call.body).seconds('increment') || lease.ttl;
  const left = Math.floor((lease.issueTime + lease.maxTtl * 1000 - now) / 1000);
  const seconds = Math.max(0, Math.min(wanted, left));
  const expireTime = now + seconds * 1000;
  const { config } = roleOf(call.state, lease);
  await prolongUser(config, { name: lease.username, expiresAt: expireTime }).catch(() => {
    throw new RequestError(500, 'failed to renew entry: the database did not take it');
  });
  call.change((state) => {
    const kept = state.leases.get(lease.id);
    if (kept) Object.assign(kept, { expireTime, lastRenewal: now });
  });
  const warnings =
    seconds < wanted
      ? [
          `TTL of "${shortDuration(wanted)}" exceeded the effective max_ttl of "${shortDuration(left)}"; TTL value is capped accordingly`,
        ]
      : [];
  return { lease: { id: lease.id, seconds, renewable: true }, warnings };
}

async function revoke(call: Call): Promise<undefined> {
  const id = fieldsOf(call.body).text('lease_id') ?? '';
  if (id === '') throw new RequestError(400, 'lease_id must be specified');
  const lease = call.state.leases.get(id);
  // One that is gone is no fault: it is what was asked for.
  if (lease) await endLease(call.state, lease, call.change);
}

async function revokePrefix(call: Call): Promise<undefined> {
  const prefix = call.captures[0] ?? '';
  for (const lease of [...call.state.leases.values()]) {
    if (lease.id.startsWith(prefix)) await endLease(call.state, lease, call.change);
  }
}

function found({ body, state, now }: Call): Lease {
  const id = fieldsOf(body).text('lease_id') ?? '';
  const lease = state.leases.get(id);
  if (!lease || leaseIsOver(state, lease, now)) throw new RequestError(400, 'lease not found');
  return lease;
}
