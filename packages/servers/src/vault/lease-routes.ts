import type { DatabaseWork } from './database-work.ts';
import type { Answer, Call, Route } from './engine.ts';
import { fieldsOf } from './fields.ts';
import { type Lease, leaseEnd } from './lease.ts';
import { endLease, renewLease } from './lease-life.ts';
import { RequestError } from './request-error.ts';

/** `sys/leases`: credentials that end are looked at, renewed and ended. */
export function leaseRoutes(work: DatabaseWork): readonly Route[] {
  return [
    { pattern: /^leases\/lookup$/, update: lookUp },
    { pattern: /^(?:leases\/)?renew(?:\/(.+))?$/, update: renew },
    {
      pattern: /^(?:leases\/)?revoke(?:\/(.+))?$/,
      update: (call) => {
        const lease = call.state.leases.get(leaseId(call));
        // One that is gone is no fault: it is what was asked for.
        return end(lease ? [lease] : [], call);
      },
    },
    {
      pattern: /^(?:leases\/)?revoke-prefix\/(.+)$/,
      sudo: true,
      update: (call) => end(below(call), call),
    },
    { pattern: /^(?:leases\/)?revoke-force\/(.+)$/, sudo: true, update: forget },
  ];

  async function renew(call: Call): Promise<Answer> {
    const id = leaseId(call);
    const lease = call.state.leases.get(id) ?? refuse('lease not found');
    if (leaseEnd(call.state, lease) <= call.now) refuse('lease expired');
    const increment = fieldsOf(call.body).seconds('increment') ?? 0;
    const { ttl: seconds, warnings } = await renewLease(work, lease, increment);
    return { lease: { id, seconds, renewable: true }, warnings };
  }

  /** Before the answer if that is asked for; else when there is time, as often as it needs. */
  async function end(leases: readonly Lease[], { body, now }: Call): Promise<Answer> {
    if (fieldsOf(body).flag('sync')) {
      for (const lease of leases) await endLease(work, lease);
      return { status: 204 };
    }
    for (const lease of leases) lease.expireTime = Math.min(lease.expireTime, now);
    return { status: 202, settle: true };
  }

  /** For users who can't be dropped, so that nothing else waits for them. */
  async function forget(call: Call): Promise<undefined> {
    for (const lease of below(call)) {
      await endLease(work, lease).catch(() =>
        work.storage.update(({ leases }) => leases.delete(lease.id)),
      );
    }
  }
}

function lookUp(call: Call): Answer {
  const id = leaseId(call);
  const lease = call.state.leases.get(id) ?? refuse('invalid lease');
  const end = leaseEnd(call.state, lease);
  if (end <= call.now) refuse('invalid lease');
  return {
    data: {
      id,
      issue_time: new Date(lease.issueTime).toISOString(),
      expire_time: new Date(lease.expireTime).toISOString(),
      last_renewal: lease.lastRenewal === null ? null : new Date(lease.lastRenewal).toISOString(),
      renewable: true,
      ttl: Math.round((lease.expireTime - call.now) / 1000),
    },
  };
}

function below({ state, captures }: Call): Lease[] {
  const prefix = captures[0] ?? '';
  return [...state.leases.values()].filter(({ id }) => id.startsWith(prefix));
}

function leaseId({ body, captures }: Call): string {
  return fieldsOf(body).text('lease_id') || captures[0] || refuse('lease_id must be specified');
}

function refuse(text: string): never {
  throw new RequestError(400, text);
}
