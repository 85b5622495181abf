import { goDuration } from './duration.ts';
import type { Answer, Call, Handler, Operation, Route } from './engine.ts';
import { fieldsOf, isJsonObject, type JsonObject } from './fields.ts';
import { listKeys } from './key-listing.ts';
import { RequestError } from './request-error.ts';
import type { SecretVersion, VersionedMount, VersionedSecret } from './state.ts';

const DEFAULT_MAX_VERSIONS = 10;

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

function newSecret(now: number): VersionedSecret {
  return {
    createdTime: iso(now),
    updatedTime: iso(now),
    currentVersion: 0,
    oldestVersion: 0,
    maxVersions: 0,
    casRequired: false,
    deleteVersionAfter: 0,
    customMetadata: null,
    versions: [],
  };
}

function checkAndSet({ config }: VersionedMount, secret: VersionedSecret, body: JsonObject): void {
  const cas = fieldsOf(fieldsOf(body).object('options') ?? {}).count('cas');
  if (cas !== undefined && cas !== secret.currentVersion) {
    refuse('check-and-set parameter did not match the current version');
  }
  if (cas === undefined && (config.casRequired || secret.casRequired)) {
    refuse('check-and-set parameter required for this call');
  }
}

function addVersion(
  mount: VersionedMount,
  secret: VersionedSecret,
  data: JsonObject,
  now: number,
): Answer {
  secret.currentVersion += 1;
  secret.updatedTime = iso(now);
  const version: SecretVersion = {
    version: secret.currentVersion,
    createdTime: iso(now),
    deletionTime: plannedDeletion(mount, secret, now),
    destroyed: false,
    data,
  };
  secret.versions.push(version);
  const kept = Math.max(secret.maxVersions, mount.config.maxVersions) || DEFAULT_MAX_VERSIONS;
  if (secret.currentVersion - secret.oldestVersion >= kept) {
    secret.oldestVersion = secret.currentVersion - kept + 1;
    secret.versions = secret.versions.filter((one) => one.version >= secret.oldestVersion);
  }
  return { data: describeVersion(secret, version) };
}

/** When a version made now will be deleted by itself; empty when it won't. */
function plannedDeletion({ config }: VersionedMount, secret: VersionedSecret, now: number): string {
  const limits = [config.deleteVersionAfter, secret.deleteVersionAfter].filter((one) => one > 0);
  return limits.length === 0 ? '' : iso(now + Math.min(...limits) * 1000);
}

function softDelete(version: SecretVersion, now: number): void {
  if (!isGone(version, now)) version.deletionTime = iso(now);
}

function isGone(version: SecretVersion, now: number): boolean {
  return (
    version.destroyed || (version.deletionTime !== '' && Date.parse(version.deletionTime) <= now)
  );
}

function findVersion(secret: VersionedSecret, number: number): SecretVersion | undefined {
  return secret.versions.find((one) => one.version === number);
}

function changeMetadata(secret: VersionedSecret, body: JsonObject, merge = false): void {
  const fields = fieldsOf(body);
  secret.maxVersions = fields.count('max_versions') ?? secret.maxVersions;
  secret.casRequired = fields.flag('cas_required') ?? secret.casRequired;
  secret.deleteVersionAfter = fields.seconds('delete_version_after') ?? secret.deleteVersionAfter;
  if (merge && isJsonObject(body.custom_metadata)) {
    const merged = mergePatch(secret.customMetadata ?? {}, body.custom_metadata);
    secret.customMetadata = fieldsOf({ merged }).textMap('merged') ?? null;
  } else {
    secret.customMetadata = fields.textMap('custom_metadata') ?? secret.customMetadata;
  }
}

/** JSON merge patch (RFC 7396). */
function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      merged.delete(key);
    } else if (isJsonObject(value)) {
      const below = merged.get(key);
      merged.set(key, mergePatch(isJsonObject(below) ? below : {}, value));
    } else {
      merged.set(key, value);
    }
  }
  return Object.fromEntries(merged);
}

function describeVersion(secret: VersionedSecret, version: SecretVersion): JsonObject {
  return {
    created_time: version.createdTime,
    custom_metadata: secret.customMetadata,
    deletion_time: version.deletionTime,
    destroyed: version.destroyed,
    version: version.version,
  };
}

function describeSecret(secret: VersionedSecret): JsonObject {
  const versions = secret.versions.map(({ version, createdTime, deletionTime, destroyed }) => [
    version,
    { created_time: createdTime, deletion_time: deletionTime, destroyed },
  ]);
  return {
    ...describeConfig(secret),
    created_time: secret.createdTime,
    current_version: secret.currentVersion,
    custom_metadata: secret.customMetadata,
    oldest_version: secret.oldestVersion,
    updated_time: secret.updatedTime,
    versions: Object.fromEntries(versions),
  };
}

function describeConfig(config: VersionedMount['config']): JsonObject {
  return {
    cas_required: config.casRequired,
    delete_version_after: goDuration(config.deleteVersionAfter),
    max_versions: config.maxVersions,
  };
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

function iso(time: number): string {
  return new Date(time).toISOString();
}

function refuse(text: string): never {
  throw new RequestError(400, text);
}
