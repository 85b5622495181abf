import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { startVault } from '@spire/servers';

/** What a healthy Vault doesn't do. */
export type Misbehaviour =
  | 'hang'
  | 'break'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

/** One request that came to the door. */
export interface DoorRequest {
  readonly method: string;
  readonly path: string;
  readonly at: number;
  status: number | undefined;
}

/** Where the credential lies. */
export const SECRET_PATH = 'secret/faults/db';
/** How Vault calls it. */
export const API_PATH = 'secret/data/faults/db';

/**
 * A Vault-compatible server behind a door that counts, and that can misbehave. AppRole logins, which the
 * server lacks, are answered here, with tokens of the server's.
 */
export async function openVaultDoor(rootToken: string) {
  const vault = await startVault({ rootToken });
  const requests: DoorRequest[] = [];
  const tokens: string[] = [];
  const door = {
    address: '',
    /** An address of the same Vault that never misbehaves. */
    backDoor: vault.address,
    token: vault.rootToken,
    /** What came, until somebody forgets it. */
    requests,
    /** How many came at all. */
    total: 0,
    /** What is done with a request instead of passing it on; undefined: nothing. */
    misbehave: undefined as
      | ((method: string, path: string) => Misbehaviour | undefined)
      | undefined,
    /** What a token of a login is made with. */
    login: { policies: ['reader'], ttl: '1h' } as object,
    /** Ends the tokens that logins have got. */
    async endLogins() {
      for (const token of tokens.splice(0)) await door.ask('POST', 'auth/token/revoke', { token });
    },
    /** How often this was asked for, such as `GET secret/data/faults/db`. */
    count: (what: string) =>
      requests.filter(({ method, path }) => `${method} ${path}`.startsWith(what)).length,
    reads: () => requests.filter(({ method, path }) => method === 'GET' && path === API_PATH),
    /** Asks as root, past the door. */
    async ask(method: string, path: string, body?: object): Promise<Record<string, never>> {
      const response = await fetch(`${vault.address}/v1/${path}`, {
        method,
        headers: { 'X-Vault-Token': vault.rootToken },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const answer = await response.text();
      if (!response.ok) throw new Error(`Vault: ${response.status} to ${method} ${path}`);
      return answer ? JSON.parse(answer) : {};
    },
    put: (user: string, pwd: string) => door.ask('POST', API_PATH, { data: { user, pwd } }),
    async close() {
      server.close();
      server.closeAllConnections();
      await vault.stop();
    },
  };
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = incoming;
    const path = url.replace('/v1/', '');
    const noted: DoorRequest = { method, path, at: performance.now(), status: undefined };
    requests.push(noted);
    door.total += 1;
    const instead = door.misbehave?.(method, path);
    if (instead === 'hang') return;
    if (instead === 'break') {
      incoming.socket.destroy();
      return;
    }
    if (instead) {
      noted.status = instead.status;
      outgoing.writeHead(instead.status, {
        'Content-Type': 'application/json',
        ...instead.headers,
      });
      outgoing.end(instead.body ?? JSON.stringify({ errors: ['no'] }));
      return;
    }
    if (path === 'auth/approle/login') {
      await text(incoming);
      const { auth } = await door.ask('POST', 'auth/token/create', door.login);
      tokens.push((auth as unknown as { client_token: string }).client_token);
      noted.status = 200;
      outgoing.end(JSON.stringify({ auth }));
      return;
    }
    const passed = request(`${vault.address}${url}`, { method, headers, agent: false }, (given) => {
      noted.status = given.statusCode;
      outgoing.writeHead(given.statusCode ?? 500, given.headers);
      given.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  door.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return door;
}

export type VaultDoor = Awaited<ReturnType<typeof openVaultDoor>>;
