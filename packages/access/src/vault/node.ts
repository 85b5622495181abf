import type { Secret } from '../secret.ts';
import type { VaultAnswer, VaultRequest } from './client.ts';
import { Refusal } from './refusal.ts';
import { NoAnswer, type VaultTransport } from './transport.ts';

/** One of the servers that a Vault consists of. */
export interface VaultNode {
  readonly address: string;
  /** Asks once. What it doesn't do is returned too: whether another node is asked is the caller's choice. */
  send(request: VaultRequest, token: Secret | null): Promise<VaultAnswer | Refusal | NoAnswer>;
}

/** A node at an address, made of node-vault over a transport of ours. */
export async function openNode(address: string, transport: VaultTransport): Promise<VaultNode> {
  const { default: nodeVault } = await import('node-vault');
  const client = nodeVault({
    endpoint: address,
    // Its debug output prints secrets' bodies.
    debug: () => {},
    'request-promise': transport,
  } as Parameters<typeof nodeVault>[0]);
  // node-vault takes these from the process, whose variables may be meant for another environment.
  Object.assign(client, { namespace: '', pathPrefix: '', token: '' });

  async function send(request: VaultRequest, token: Secret | null) {
    try {
      const body: VaultAnswer | undefined = await client.request({
        path: `/${request.path}`,
        method: methodOf(request),
        ...(request.body ? { json: request.body } : {}),
        headers: {
          ...(token ? { 'X-Vault-Token': token.reveal() } : {}),
          ...(request.wrapTtl ? { 'X-Vault-Wrap-TTL': request.wrapTtl } : {}),
        },
      } as Parameters<typeof client.request>[0]);
      const answer = body ?? {};
      return request.path === 'sys/health' ? (refusalOfHealth(answer) ?? answer) : answer;
    } catch (error) {
      return error instanceof NoAnswer ? error : refusalOf(error, secretsOf(request, token));
    }
  }

  return { address, send };
}

/** The method that a request is made with. */
export function methodOf({ method, body }: VaultRequest): 'GET' | 'POST' {
  return method ?? (body ? 'POST' : 'GET');
}

/** What of a request may be secret: the token, and what of the body is as long as one. */
function secretsOf({ body }: VaultRequest, token: Secret | null): string[] {
  const texts = Object.values(body ?? {}).filter((value) => typeof value === 'string');
  return [...(token ? [token.reveal()] : []), ...texts.filter((text) => text.length >= 16)];
}

/** @param secrets what was sent: whatever answers may quote it, and its words are shown. */
function refusalOf(error: unknown, secrets: readonly string[]): Refusal {
  const { response } = error as {
    response?: {
      statusCode: number;
      body?: { errors?: unknown; data?: unknown; retryAfter?: string };
    };
  };
  if (!response) throw error;
  const { errors, data, retryAfter } = response.body ?? {};
  const seconds = Number(retryAfter);
  // A deleted version of a secret is a 404 with data and without errors.
  const words = Array.isArray(errors)
    ? errors.map((text) => secrets.reduce(redacted, String(text)))
    : data === undefined
      ? undefined
      : [];
  return new Refusal(
    response.statusCode,
    words,
    retryAfter !== undefined && Number.isFinite(seconds) ? seconds : undefined,
  );
}

/** node-vault gives the body of this answer whatever its status; it says what the status would. */
function refusalOfHealth(health: VaultAnswer): Refusal | undefined {
  if (health.initialized === false) return new Refusal(501, []);
  if (health.sealed === true) return new Refusal(503, ['Vault is sealed']);
  return health.replication_dr_mode === 'secondary' ? new Refusal(472, []) : undefined;
}

function redacted(text: string, secret: string): string {
  return text.replaceAll(secret, '[redacted]');
}
