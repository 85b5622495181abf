import { AccessError } from '../errors.ts';
import { dataOf, type VaultAnswer, type VaultClient } from './client.ts';

/** Vault's promise that a credential holds for a while. */
export interface Lease {
  readonly id: string;
  readonly durationSeconds: number;
  readonly renewable: boolean;
}

/** A secret as Vault keeps it: its fields, and a version that changes when they do. */
export interface VaultSecret {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly version: string;
  /** Only of a credential that Vault made for this reader. */
  readonly lease: Lease | undefined;
  /** Which engine it came from. */
  readonly engine: 'kv-1' | 'kv-2' | 'database';
}

/** Where a secret lies for Vault's API, which depends on the engine that is mounted there. */
export interface SecretPlace {
  readonly apiPath: string;
  readonly engine: VaultSecret['engine'];
}

/**
 * Finds out which engine is mounted at a path: KV v1 or v2, or one that makes database users.
 *
 * @throws AccessError those of `VaultClient.ask`; `SECRET_MALFORMED` for an engine that Spire can't read.
 */
export async function findSecret(vault: VaultClient, path: string): Promise<SecretPlace> {
  const request = { path: `sys/internal/ui/mounts/${path}`, about: path };
  const mount = dataOf(await vault.ask(request), vault);
  const mountPath = String(mount.path);
  if (mount.type === 'database') return { apiPath: path, engine: 'database' };
  if (mount.type !== undefined && mount.type !== 'kv' && mount.type !== 'generic') {
    const message = `The secret at ${path} is of an engine that Spire can't read (${mount.type}).`;
    throw new AccessError('SECRET_MALFORMED', message, {
      environment: vault.environment.name,
      suggestions: [
        'Expected is a KV secret, or database/creds/ROLE or database/static-creds/ROLE.',
      ],
    });
  }
  const isV2 = record(mount.options).version === '2';
  if (!isV2) return { apiPath: path, engine: 'kv-1' };
  return { apiPath: `${mountPath}data/${path.slice(mountPath.length)}`, engine: 'kv-2' };
}

/**
 * Reads a secret from KV v1 or v2, or a credential from a database engine, whichever is mounted there.
 *
 * @param path as people write it: `secret/team/db`, `database/creds/reader`.
 * @throws AccessError as {@link findSecret}; `SECRET_NOT_FOUND`.
 */
export async function readSecret(vault: VaultClient, path: string): Promise<VaultSecret> {
  const { apiPath, engine } = await findSecret(vault, path);
  const answer = await vault.ask({ path: apiPath, about: path });
  const data = dataOf(answer, vault);
  switch (engine) {
    case 'kv-2':
      return {
        fields: record(data.data),
        version: String(record(data.metadata).version),
        lease: undefined,
        engine,
      };
    case 'kv-1':
      return { fields: data, version: digest(data), lease: undefined, engine };
    case 'database': {
      const lease = leaseOf(answer);
      // A static role has no lease; its password changes when Vault rotates it.
      const version = lease?.id ?? String(data.last_vault_rotation ?? digest(data));
      return { fields: data, version: version.split('/').at(-1) ?? version, lease, engine };
    }
  }
}

function leaseOf({ lease_id, lease_duration, renewable }: VaultAnswer): Lease | undefined {
  if (typeof lease_id !== 'string' || lease_id === '') return undefined;
  return {
    id: lease_id,
    durationSeconds: Number(lease_duration),
    renewable: renewable === true,
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Where there are no versions, a digest of the fields stands for one. */
function digest(fields: Readonly<Record<string, unknown>>): string {
  const sorted = Object.keys(fields)
    .sort()
    .map((key) => [key, fields[key]]);
  // Not by `import`: reads of KV v2 do without.
  return process
    .getBuiltinModule('node:crypto')
    .hash('sha256', JSON.stringify(sorted))
    .slice(0, 12);
}
