import { configAt, configForRole, type DynamicRole, databaseAt } from './database-mount.ts';
import { createUser, dropUser, prolongUser, reasonOf } from './database-users.ts';
import { type DatabaseWork, turnAt } from './database-work.ts';
import { type Lease, leaseEnd } from './lease.ts';
import { randomText } from './random-text.ts';
import { RequestError } from './request-error.ts';
import { grantedTtl } from './token-life.ts';

/** Between the end of a lease and that of its user's password, so that the lease ends first. */
const MARGIN_MILLIS = 5000;

/** What a lease was given, in seconds, and why it isn't more. */
export interface Granted {
  readonly ttl: number;
  readonly warnings: readonly string[];
}

/**
 * Makes a user by a role, with a lease.
 *
 * @throws RequestError 400 when there is no such role, 500.
 */
export async function issueLease(
  work: DatabaseWork,
  mount: string,
  name: string,
  tokenId: string,
): Promise<Granted & { lease: Lease; password: string }> {
  const { storage, now } = work;
  const role = databaseAt(storage.state, mount)?.roles.get(name);
  if (!role) throw new RequestError(400, `unknown role: ${name}`);
  const { dbName, creationStatements, revocationStatements } = role;
  if (creationStatements.length === 0) throw new RequestError(500, 'empty creation statements');
  const config = configForRole(storage.state, mount, role, name);
  return work.turns(turnAt(mount, dbName), async () => {
    const issueTime = now();
    const granted = grantedTtl(termsOf(role), 0, 0);
    const expireTime = issueTime + granted.ttl * 1000;
    const username = usernameFor(name, issueTime);
    const password = randomText(20);
    const user = { name: username, password, expiresAt: expireTime + MARGIN_MILLIS };
    await createUser(config, creationStatements, user).catch((error) => {
      throw new RequestError(500, `failed to execute query: ${reasonOf(error)}`);
    });
    const lease: Lease = {
      id: `${mount}creds/${name}/${randomText(24)}`,
      mount,
      role: name,
      username,
      dbName,
      revocationStatements,
      tokenId,
      issueTime,
      expireTime,
      lastRenewal: null,
    };
    try {
      storage.update((state) => {
        if (!databaseAt(state, mount)) throw new RequestError(404, 'the mount is gone');
        state.leases.set(lease.id, lease);
      });
    } catch (error) {
      // A user whom nobody remembers would stay. That it can't be dropped either is not the news.
      await dropUser(config, revocationStatements, username).catch(() => {});
      throw error;
    }
    return { lease, password, ...granted };
  });
}

/**
 * Prolongs a lease from now on, up to the longest life that its role has now.
 *
 * @param increment seconds that were asked for; 0 for the role's own.
 * @throws RequestError 400.
 */
export async function renewLease(
  work: DatabaseWork,
  { id, mount, role: name, username, issueTime }: Lease,
  increment: number,
): Promise<Granted> {
  const { storage, now } = work;
  const role = databaseAt(storage.state, mount)?.roles.get(name);
  if (!role) refuse(`error during renew: could not find role with name: "${name}"`);
  return work.turns(turnAt(mount, role.dbName), async () => {
    const config = configAt(storage.state, mount, role.dbName);
    const age = Math.floor((now() - issueTime) / 1000);
    const granted = grantedTtl(termsOf(role), increment, age);
    if (granted.ttl < 0) refuse('past the max TTL, cannot renew');
    const expireTime = now() + granted.ttl * 1000;
    const user = { name: username, expiresAt: expireTime + MARGIN_MILLIS };
    await prolongUser(config, role.renewStatements, user).catch((error) =>
      refuse(`failed to renew entry: ${reasonOf(error)}`),
    );
    storage.update((state) => {
      const lease = state.leases.get(id) ?? refuse('lease not found');
      // Ended meanwhile, by its time or by an order: its user is dropped next.
      if (leaseEnd(state, lease) <= now()) refuse('lease expired');
      Object.assign(lease, { expireTime, lastRenewal: now() });
    });
    return granted;
  });
}

/**
 * Drops a lease's user and forgets the lease. One that is gone already is no fault.
 *
 * @throws RequestError 400 when the user could not be dropped: then the lease stays.
 */
export async function endLease(work: DatabaseWork, { id, mount, role, ...was }: Lease) {
  const { storage } = work;
  const { dbName, revocationStatements } = databaseAt(storage.state, mount)?.roles.get(role) ?? was;
  await work.turns(turnAt(mount, dbName), async () => {
    if (!storage.state.leases.has(id)) return;
    const config = configAt(storage.state, mount, dbName);
    await dropUser(config, revocationStatements, was.username).catch((error) =>
      refuse(`failed to revoke entry: ${reasonOf(error)}`),
    );
    storage.update(({ leases }) => leases.delete(id));
  });
}

/**
 * Removes a mount, and before it the users that it made.
 *
 * @throws RequestError 400 when one can't be dropped: then the mount stays.
 */
export async function unmount(work: DatabaseWork, path: string): Promise<void> {
  const { storage } = work;
  const find = () => [...storage.state.leases.values()].find(({ mount }) => mount === path);
  // One after the other, as long as there are any: others may still be asked for meanwhile.
  for (let lease = find(); lease; lease = find()) await endLease(work, lease);
  storage.update(({ mounts }) => mounts.delete(path));
}

function termsOf({ defaultTtl, maxTtl }: DynamicRole) {
  return { ttl: defaultTtl, period: 0, explicitMaxTtl: maxTtl };
}

/** As Vault names them: for which role, and when; Postgres takes 63 letters. */
function usernameFor(role: string, now: number): string {
  return `v-token-${role.slice(0, 8)}-${randomText(20)}-${Math.floor(now / 1000)}`;
}

function refuse(text: string): never {
  throw new RequestError(400, text);
}
