import { type DatabaseConfig, type DynamicRole, databaseAt } from './database-mount.ts';
import { dropUser } from './database-users.ts';
import type { Call } from './engine.ts';
import { type Lease, leaseIsOver } from './lease.ts';
import type { VaultState } from './state.ts';
import { rotateStaticRole } from './static-roles.ts';
import type { Storage } from './storage.ts';

/** How long to wait after a database that could not be reached, and at most between two looks. */
const RETRY_MILLIS = 10_000;
const LONGEST_MILLIS = 2 ** 31 - 1;

/** Sees to it that what has an end does end, while the server runs. */
export interface LeaseKeeper {
  /** Ends the leases that are over, and rotates the passwords whose period is. */
  sweep(): Promise<void>;
  stop(): void;
}

/** Starts to keep the leases of a Vault. Its timer keeps no process alive. */
export function keepLeases(storage: Storage, now: () => number): LeaseKeeper {
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> | undefined;
  let stopped = false;

  async function sweepOnce(): Promise<void> {
    let failures = 0;
    for (const lease of [...storage.state.leases.values()]) {
      if (!leaseIsOver(storage.state, lease, now())) continue;
      await endLease(storage.state, lease, storage.update).catch(() => {
        failures += 1;
      });
    }
    for (const { mount, name, role } of staticRoles(storage.state)) {
      if (role.lastRotation + role.rotationPeriod * 1000 > now()) continue;
      const call = { now: now(), change: storage.update };
      await rotateStaticRole(storage.state, mount, name, role, call).catch(() => {
        failures += 1;
      });
    }
    schedule(failures > 0 ? RETRY_MILLIS : undefined);
  }

  function schedule(retry: number | undefined): void {
    clearTimeout(timer);
    const ends = [
      ...[...storage.state.leases.values()].map(({ expireTime }) => expireTime),
      ...staticRoles(storage.state).map(
        ({ role }) => role.lastRotation + role.rotationPeriod * 1000,
      ),
    ];
    if (stopped || ends.length === 0) return;
    const millis = retry ?? Math.max(0, Math.min(...ends) - now());
    timer = setTimeout(sweep, Math.min(millis, LONGEST_MILLIS));
    timer.unref();
  }

  /** One at a time: a lease isn't ended twice. */
  function sweep(): Promise<void> {
    sweeping ??= sweepOnce().finally(() => {
      sweeping = undefined;
    });
    return sweeping;
  }

  return {
    sweep,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/**
 * Drops a lease's user and forgets the lease.
 *
 * @throws what Postgres says, when the user could not be dropped; then the lease stays.
 */
export async function endLease(
  state: VaultState,
  lease: Lease,
  change: Call['change'],
): Promise<void> {
  const { config, role } = roleOf(state, lease);
  await dropUser(config, role?.revocationStatements ?? [], lease.username);
  change((next) => next.leases.delete(lease.id));
}

/** The role that a lease's user was made by, and its database. */
export function roleOf(
  state: VaultState,
  { mount, role, config }: Lease,
): { config: DatabaseConfig; role: DynamicRole | undefined } {
  return { config, role: databaseAt(state.mounts, mount)?.roles.get(role) };
}

function staticRoles(state: VaultState) {
  return [...state.mounts.keys()].flatMap((mount) =>
    [...(databaseAt(state.mounts, mount)?.staticRoles ?? [])].map(([name, role]) => ({
      mount,
      name,
      role,
    })),
  );
}
