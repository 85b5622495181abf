import type { DatabaseWork } from './database-work.ts';
import type { Answer, Call, Route } from './engine.ts';
import { fieldsOf, type JsonObject } from './fields.ts';
import { unmount } from './lease-life.ts';
import { RequestError } from './request-error.ts';
import { type Mount, newMount } from './state.ts';

/** `sys/mounts`: which engines there are; and the same for clients that must find out the version. */
export const mountRoutes = (work: DatabaseWork): readonly Route[] => [
  {
    pattern: /^mounts$/,
    read: ({ state }) => ({
      data: Object.fromEntries([...state.mounts].map(([path, mount]) => [path, describe(mount)])),
    }),
  },
  {
    pattern: /^mounts\/(.+?)\/?$/,
    read(call): Answer {
      const mount = call.state.mounts.get(mountPath(call));
      if (!mount) throw new RequestError(400, 'No secret engine mount at this path');
      return { data: describe(mount) };
    },
    update: enable,
    async delete(call): Promise<undefined> {
      const path = mountPath(call);
      if (!call.state.mounts.has(path)) throw new RequestError(400, 'no matching mount');
      await unmount(work, path);
    },
  },
  {
    pattern: /^internal\/ui\/mounts$/,
    open: true,
    read({ state, caller }): Answer {
      const visible = [...state.mounts].filter(([path]) => caller?.rules.reaches(path));
      const secret = visible.map(([path, mount]) => [path, describe(mount)]);
      return { data: { auth: {}, secret: Object.fromEntries(secret) } };
    },
  },
  {
    pattern: /^internal\/ui\/mounts\/(.+)$/,
    open: true,
    read({ state, caller, captures }): Answer {
      const wanted = captures[0] ?? '';
      const [path, mount] =
        [...state.mounts].find(([mounted]) => `${wanted}/`.startsWith(mounted)) ?? [];
      if (path === undefined || !mount || !caller?.rules.reaches(path)) {
        // The same for a mount that isn't there, so that nobody learns which ones are.
        throw new RequestError(
          403,
          `preflight capability check returned 403, please ensure client's policies grant access to path "${wanted}/"`,
        );
      }
      return { data: { ...describe(mount), path } };
    },
  },
];

function enable(call: Call): undefined {
  const path = mountPath(call);
  const { mounts } = call.state;
  const fields = fieldsOf(call.body);
  const type = fields.text('type') ?? '';
  const options = fieldsOf(fields.object('options') ?? {});
  const version = options.text('version') ?? (type === 'kv-v2' ? '2' : '1');
  const isDatabase = type === 'database';
  if (!isDatabase && !['kv', 'kv-v1', 'kv-v2', 'generic'].includes(type)) {
    throw new RequestError(400, `plugin not found in the catalog: ${type}`);
  }
  if (version !== '1' && version !== '2') {
    throw new RequestError(400, 'unsupported version of the kv engine');
  }
  const taken = ['sys/', 'auth/', ...mounts.keys()].find(
    (other) => other.startsWith(path) || path.startsWith(other),
  );
  if (taken !== undefined) throw new RequestError(400, `path is already in use at ${taken}`);
  const kind = isDatabase ? 'database' : version === '2' ? 2 : 1;
  mounts.set(path, newMount(kind, fields.text('description') ?? ''));
}

function mountPath({ captures }: Call): string {
  return `${captures[0]}/`;
}

function describe(mount: Mount): JsonObject {
  return {
    accessor: mount.accessor,
    config: { default_lease_ttl: 0, force_no_cache: false, max_lease_ttl: 0 },
    description: mount.description,
    external_entropy_access: false,
    local: false,
    options: mount.version === 'database' ? null : { version: String(mount.version) },
    seal_wrap: false,
    type: mount.version === 'database' ? 'database' : 'kv',
    uuid: mount.uuid,
  };
}
