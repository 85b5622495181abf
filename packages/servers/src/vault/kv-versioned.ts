import type { Answer, Call, Handler, Operation, Route } from './engine.ts';
import { fieldsOf } from './fields.ts';
import { listKeys } from './key-listing.ts';
import { mergePatch } from './merge-patch.ts';
import { RequestError } from './request-error.ts';
import type { SecretVersion, VersionedMount, VersionedSecret } from './state.ts';
import {
  addVersion,
  changeMetadata,
  checkAndSet,
  describeConfig,
  describeSecret,
  describeVersion,
  findVersion,
  isGone,
  newSecret,
  plannedDeletion,
  softDelete,
} from './versioned-secret.ts';

/** KV version 2: every write adds a version, which can be deleted, brought back and destroyed. */
export function versionedRoutes(mount: VersionedMount): readonly Route[] {
  const { secrets } = mount;
  const keyOf = ({ captures }: Call) => captures[0] ?? '';
  const secretOf = (call: Call) => secrets.get(keyOf(call));
  const exists = (call: Call) => secrets.has(keyOf(call));

  function read(call: Call): Answer | undefined {
    const secret = secretOf(call);
    const wanted = Number(call.query.get('version') ?? 0);
    if (!Number.isSafeInteger(wanted)) refuse('Field validation failed: version is not an integer');
    const version = secret && findVersion(secret, wanted || secret.currentVersion);
    if (!version) return undefined;
    const metadata = describeVersion(secret, version);
    if (isGone(version, call.now)) return { status: 404, data: { data: null, metadata } };
    return { data: { data: version.data, metadata } };
  }

  function write(call: Call): Answer {
    const data = fieldsOf(call.body).object('data') ?? refuse('no data provided');
    const secret = secretOf(call) ?? newSecret(call.now);
    checkAndSet(mount, secret, call.body);
    secrets.set(keyOf(call), secret);
    return addVersion(mount, secret, data, call.now);
  }

  function patch(call: Call): Answer | undefined {
    const change = fieldsOf(call.body).object('data') ?? refuse('no data provided');
    const secret = secretOf(call);
    if (!secret) return undefined;
    checkAndSet(mount, secret, call.body);
    const current = findVersion(secret, secret.currentVersion);
    if (!current) return undefined;
    if (isGone(current, call.now)) return { status: 404, data: describeVersion(secret, current) };
    return addVersion(mount, secret, mergePatch(current.data ?? {}, change), call.now);
  }

  /** Does something to those versions of a secret that the body names. */
  function eachVersion(
    act: (version: SecretVersion, secret: VersionedSecret, now: number) => void,
  ) {
    return (call: Call): undefined => {
      const numbers = fieldsOf(call.body).counts('versions') ?? [];
      if (numbers.length === 0) refuse('No version number provided');
      const secret = secretOf(call);
      for (const version of secret?.versions ?? []) {
        if (secret && numbers.includes(version.version)) act(version, secret, call.now);
      }
    };
  }

  function writeMetadata(call: Call): undefined {
    const secret = secretOf(call) ?? newSecret(call.now);
    changeMetadata(secret, call.body);
    secrets.set(keyOf(call), secret);
  }

  return [
    {
      pattern: /^config$/,
      read: () => ({ data: describeConfig(mount.config) }),
      update(call): undefined {
        const fields = fieldsOf(call.body);
        const { config } = mount;
        config.maxVersions = fields.count('max_versions') ?? config.maxVersions;
        config.casRequired = fields.flag('cas_required') ?? config.casRequired;
        config.deleteVersionAfter =
          fields.seconds('delete_version_after') ?? config.deleteVersionAfter;
      },
    },
    {
      pattern: /^data\/(.*[^/])$/,
      exists,
      read,
      update: write,
      patch,
      delete(call): undefined {
        const secret = secretOf(call);
        const current = secret && findVersion(secret, secret.currentVersion);
        if (current) softDelete(current, call.now);
      },
    },
    {
      pattern: /^metadata\/(.*[^/])$/,
      exists,
      read(call): Answer | undefined {
        const secret = secretOf(call);
        return secret && { data: describeSecret(secret) };
      },
      update: writeMetadata,
      patch(call): Answer | undefined {
        const secret = secretOf(call);
        if (!secret) return undefined;
        changeMetadata(secret, call.body, true);
        return { status: 204 };
      },
      delete(call): undefined {
        secrets.delete(keyOf(call));
      },
    },
    {
      pattern: /^metadata(?:\/(.*))?$/,
      list: (call) => listKeys(secrets.keys(), keyOf(call)),
      ...invalidPath('read', 'update', 'patch', 'delete'),
    },
    {
      pattern: /^delete\/(.+)$/,
      update: eachVersion((version, _secret, now) => softDelete(version, now)),
    },
    {
      pattern: /^undelete\/(.+)$/,
      update: eachVersion((version, secret, now) => {
        if (!version.destroyed) version.deletionTime = plannedDeletion(mount, secret, now);
      }),
    },
    {
      pattern: /^destroy\/(.+)$/,
      update: eachVersion((version) => {
        version.destroyed = true;
        delete version.data;
      }),
    },
    { pattern: /^/, ...invalidPath('read', 'list', 'update', 'patch', 'delete') },
  ];
}

/** Whoever takes a mount of version 2 for one of version 1 gets Vault's hint. */
function invalidPath(...operations: readonly Operation[]): Partial<Record<Operation, Handler>> {
  const commands = { read: 'get', list: 'list', update: 'put', patch: 'patch', delete: 'delete' };
  const handlers = operations.map((operation): [Operation, Handler] => [
    operation,
    () => ({
      status: 404,
      warnings: [
        'Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use. ' +
          `If using the Vault CLI, use 'vault kv ${commands[operation]}' for this operation.`,
      ],
    }),
  ]);
  return Object.fromEntries(handlers);
}

function refuse(text: string): never {
  throw new RequestError(400, text);
}
