import { goDuration } from './duration.ts';
import type { Answer } from './engine.ts';
import { fieldsOf, isJsonObject, type JsonObject } from './fields.ts';
import { mergePatch } from './merge-patch.ts';
import { RequestError } from './request-error.ts';
import type { SecretVersion, VersionedMount, VersionedSecret } from './state.ts';

const DEFAULT_MAX_VERSIONS = 10;

/** A secret without a version. */
export function newSecret(now: number): VersionedSecret {
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

/**
 * Checks what a write says of the current version.
 *
 * @throws RequestError 400 when it is another one, or when nothing is said and must be.
 */
export function checkAndSet(
  { config }: VersionedMount,
  secret: VersionedSecret,
  body: JsonObject,
): void {
  const cas = fieldsOf(fieldsOf(body).object('options') ?? {}).count('cas');
  if (cas !== undefined && cas !== secret.currentVersion) {
    refuse('check-and-set parameter did not match the current version');
  }
  if (cas === undefined && (config.casRequired || secret.casRequired)) {
    refuse('check-and-set parameter required for this call');
  }
}

/** Adds a version, and drops those for which there is no more room. */
export function addVersion(
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
export function plannedDeletion(
  { config }: VersionedMount,
  secret: VersionedSecret,
  now: number,
): string {
  const limits = [config.deleteVersionAfter, secret.deleteVersionAfter].filter((one) => one > 0);
  return limits.length === 0 ? '' : iso(now + Math.min(...limits) * 1000);
}

/** Deletes a version so that it can be brought back. */
export function softDelete(version: SecretVersion, now: number): void {
  if (!isGone(version, now)) version.deletionTime = iso(now);
}

/** Whether the data of a version can no longer be read. */
export function isGone(version: SecretVersion, now: number): boolean {
  return (
    version.destroyed || (version.deletionTime !== '' && Date.parse(version.deletionTime) <= now)
  );
}

/** The version with a number, unless it was dropped. */
export function findVersion(secret: VersionedSecret, number: number): SecretVersion | undefined {
  return secret.versions.find((one) => one.version === number);
}

/**
 * Changes what the body names.
 *
 * @param merge custom metadata is merged rather than replaced.
 */
export function changeMetadata(secret: VersionedSecret, body: JsonObject, merge = false): void {
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

/** A version as it is answered. */
export function describeVersion(secret: VersionedSecret, version: SecretVersion): JsonObject {
  return {
    created_time: version.createdTime,
    custom_metadata: secret.customMetadata,
    deletion_time: version.deletionTime,
    destroyed: version.destroyed,
    version: version.version,
  };
}

/** A secret without its data. */
export function describeSecret(secret: VersionedSecret): JsonObject {
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

/** What a secret and its mount can both set. */
export function describeConfig(config: VersionedMount['config']): JsonObject {
  return {
    cas_required: config.casRequired,
    delete_version_after: goDuration(config.deleteVersionAfter),
    max_versions: config.maxVersions,
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

function refuse(text: string): never {
  throw new RequestError(400, text);
}
