import { configForRole, databaseAt, type StaticRole } from './database-mount.ts';
import { changePassword, reasonOf } from './database-users.ts';
import { type DatabaseWork, turnAt } from './database-work.ts';
import { randomText } from './random-text.ts';
import { RequestError } from './request-error.ts';

/** When a static role's password is to be changed, in milliseconds since 1970. */
export function rotationDue({ rotating, lastRotation, rotationPeriod }: StaticRole): number {
  return rotating ? 0 : lastRotation + rotationPeriod * 1000;
}

/**
 * Takes a user over: changes its password, and keeps the role if that worked.
 *
 * @throws RequestError 500.
 */
export async function addStaticRole(
  work: DatabaseWork,
  mount: string,
  name: string,
  role: StaticRole,
): Promise<void> {
  await work.turns(turnAt(mount, role.dbName), async () => {
    const rotated = await rotate(work, mount, name, role);
    work.storage.update((state) => databaseAt(state, mount)?.staticRoles.set(name, rotated));
  });
}

/**
 * Gives a static role's user another password. That it has begun is kept before: should this process end
 * in the middle, or Postgres not answer, the password is changed once more.
 *
 * @param options.ifDue not when it has been changed by the time that it is its turn.
 * @throws RequestError 400 when there is no such role, 500.
 */
export async function rotateStaticRole(
  work: DatabaseWork,
  mount: string,
  name: string,
  { ifDue = false } = {},
): Promise<void> {
  const { storage } = work;
  const find = () => databaseAt(storage.state, mount)?.staticRoles.get(name);
  const keep = (part: Partial<StaticRole>) =>
    storage.update((state) => {
      const role = find();
      if (role) databaseAt(state, mount)?.staticRoles.set(name, { ...role, ...part });
    });
  const dbName = find()?.dbName;
  if (dbName === undefined) throw new RequestError(400, 'no static role found for role name');
  await work.turns(turnAt(mount, dbName), async () => {
    const role = find();
    if (!role || (ifDue && rotationDue(role) > work.now())) return;
    keep({ rotating: true });
    const { password, lastRotation, rotating } = await rotate(work, mount, name, role);
    // Of the rest something may have been changed meanwhile.
    keep({ password, lastRotation, rotating });
  });
}

async function rotate(
  work: DatabaseWork,
  mount: string,
  name: string,
  role: StaticRole,
): Promise<StaticRole> {
  const config = configForRole(work.storage.state, mount, role, name);
  const password = randomText(20);
  const user = { name: role.username, password };
  await changePassword(config, role.rotationStatements, user).catch((error) => {
    throw new RequestError(500, `error setting credentials: ${reasonOf(error)}`);
  });
  return { ...role, password, lastRotation: work.now(), rotating: false };
}
