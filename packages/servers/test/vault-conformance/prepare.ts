import nodeVault, { type client as NodeVault } from 'node-vault';
import { vi } from 'vitest';

/** What a request of the list may use. It must leave nothing behind but below these names. */
export interface Conformance {
  /** node-vault with the root token. */
  readonly vault: NodeVault;
  /** The paths of a KV mount of each version, without slashes. */
  readonly plain: string;
  readonly versioned: string;
  /** A name for a policy, another one at every call; it is removed at the end. */
  policy(): string;
  /** node-vault with a child of the root token that has this policy. */
  as(policy: string, more?: object): Promise<NodeVault>;
  /** A request below `/v1/` without a client between. By default with the root token. */
  http(method: string, path: string, more?: HttpOptions): Promise<HttpAnswer>;
}

export interface HttpOptions {
  readonly body?: unknown;
  readonly rawBody?: string;
  /** Null: none. */
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** What the JSON holds; undefined when there is none. */
  readonly body: ReturnType<typeof JSON.parse>;
}

/** A request of the list: what it is about, and what has to hold. */
export type ConformanceRequest = readonly [string, (given: Conformance) => Promise<void>];

/** How Vault says that there is nothing at a path. */
export const NOTHING = { status: 404, body: { errors: [] } };

/** Makes what the requests need on a server; `end` takes it away again. */
export async function prepare(address: string, rootToken: string) {
  const vault = nodeVault({ endpoint: address, token: rootToken });
  const unique = `conformance-${process.pid}-${Date.now().toString(36)}`;
  const [plain, versioned] = [`${unique}-1`, `${unique}-2`];
  await vault.mount({ mount_point: plain, type: 'kv', options: { version: '1' } });
  await vault.mount({ mount_point: versioned, type: 'kv', options: { version: '2' } });
  const policies: string[] = [];
  const tokens: string[] = [];
  const given: Conformance = {
    vault,
    plain,
    versioned,
    policy() {
      const name = `${unique}-${policies.length}`;
      policies.push(name);
      return name;
    },
    async as(policy, { through = vault, ...more }: { through?: NodeVault } = {}) {
      const body = { policies: [policy], ttl: '10m', ...more };
      const { auth } = await through.write('auth/token/create', body);
      tokens.push(auth.client_token);
      return nodeVault({ endpoint: address, token: auth.client_token });
    },
    async http(method, path, { body, rawBody, token = rootToken, headers = {} } = {}) {
      const sent = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
      const response = await fetch(`${address}/v1/${path}`, {
        method,
        headers: { ...(token === null ? {} : { 'X-Vault-Token': token }), ...headers },
        ...(sent === undefined ? {} : { body: sent }),
      });
      const text = await response.text();
      const { status } = response;
      return { status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
    },
  };
  // A Vault may need a moment until a new mount of version 2 can be used.
  await vi.waitFor(() => vault.read(`${versioned}/config`), { timeout: 10_000 });
  const end = async () => {
    for (const token of tokens) await vault.tokenRevoke({ token });
    for (const name of policies) await vault.removePolicy({ name });
    for (const mount_point of [plain, versioned]) await vault.unmount({ mount_point });
  };
  return { given, end };
}
