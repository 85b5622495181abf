import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { AccessError } from '../errors.ts';
import { dataOf, type VaultClient } from './client.ts';
import { isNo } from './refusal.ts';
import { type LoggedIn, loggedIn } from './service-auth.ts';

/** How a person logs in through the browser. */
export interface OidcOptions {
  /** Told the page to open, as soon as somebody listens for its end. */
  readonly onUrl: (url: string) => void;
  /** Default: 8250, which Vault's own command line uses too. Vault's role has to allow it. */
  readonly port?: number;
  /** How long the person may take. Default: 120,000. */
  readonly timeoutMillis?: number;
}

const PAGE = (title: string, text: string) =>
  `<!doctype html><meta charset="utf-8"><title>${title}</title><body style="font:16px system-ui;margin:4em"><h1>${title}</h1><p>${text}`;

/**
 * Logs a person in as Vault's own command line does: Vault names a page of the identity provider, the
 * browser comes back from there to this machine, and Vault exchanges what it brings for a token.
 *
 * @throws AccessError `LOGIN_FAILED` (refused, not finished in time, the port is taken), and those of
 * `VaultClient.ask`.
 */
export async function logInWithOidc(vault: VaultClient, options: OidcOptions): Promise<LoggedIn> {
  const { authMount, authRole } = vault.environment.values;
  const mount = authMount?.value ?? 'oidc';
  const port = options.port ?? 8250;
  const nonce = process.getBuiltinModule('node:crypto').randomBytes(20).toString('hex');
  const answer = await vault
    .ask({
      path: `auth/${mount}/oidc/auth_url`,
      body: {
        role: authRole?.value ?? '',
        redirect_uri: `http://localhost:${port}/oidc/callback`,
        client_nonce: nonce,
      },
      token: null,
    })
    .catch((error: unknown) => {
      throw isNo(error) ? failed(vault, `Vault has no OIDC login at auth/${mount}.`) : error;
    });
  const { auth_url: url } = dataOf(answer, vault);
  if (typeof url !== 'string' || url === '') {
    throw failed(vault, 'Vault names no page to log in at: the role may not allow this port.');
  }
  const brought = await comeBack(vault, url, port, options);
  const query = new URLSearchParams({ ...brought, client_nonce: nonce });
  const path = `auth/${mount}/oidc/callback?${query}`;
  const about = `auth/${mount}/oidc/callback`;
  const { auth } = await vault.ask({ path, about, token: null }).catch((error: unknown) => {
    throw isNo(error) ? failed(vault, "Vault doesn't accept the login.") : error;
  });
  return loggedIn(vault, auth);
}

/** Listens on this machine until the browser comes back. */
async function comeBack(
  vault: VaultClient,
  url: string,
  port: number,
  { onUrl, timeoutMillis = 120_000 }: OidcOptions,
): Promise<{ state: string; code: string }> {
  const { createServer } = process.getBuiltinModule('node:http');
  const { promise, resolve, reject } = Promise.withResolvers<{ state: string; code: string }>();
  const state = new URL(url).searchParams.get('state');
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://localhost');
    const say = (status: number, title: string, text: string) =>
      outgoing
        .writeHead(status, { 'Content-Type': 'text/html', Connection: 'close' })
        .end(PAGE(title, text));
    if (pathname !== '/oidc/callback') return say(404, 'Nothing here', '');
    const code = searchParams.get('code') ?? '';
    // A page of somebody else's could send the browser here too; it doesn't know the state.
    if (state === null || searchParams.get('state') !== state)
      return say(400, 'Not this login', 'Start again from the terminal.');
    if (!code) {
      say(400, 'Not logged in', 'The identity provider refused. See the terminal.');
      return reject(failed(vault, 'The identity provider refused the login.'));
    }
    say(200, 'Logged in', 'Go back to the terminal; this page can be closed.');
    return resolve({ state, code });
  };
  const servers: Server[] = [];
  const timer = setTimeout(
    () => reject(failed(vault, `The login was not finished within ${timeoutMillis / 1000} s.`)),
    timeoutMillis,
  );
  try {
    // A browser takes localhost for either.
    servers.push(await listening(createServer(answer), '127.0.0.1', port, vault));
    await listening(createServer(answer), '::1', port, vault).then(
      (server) => servers.push(server),
      () => {},
    );
    onUrl(url);
    return await promise;
  } finally {
    clearTimeout(timer);
    for (const server of servers) server.close();
  }
}

function listening(server: Server, host: string, port: number, vault: VaultClient) {
  return new Promise<Server>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        failed(vault, `Nobody can listen on port ${port} (${error.code}).`, [
          'End the program that uses it, such as another login, or name another one: --port 8251',
        ]),
      ),
    );
    server.listen(port, host, () => resolve(server));
  });
}

function failed(
  { environment, address }: VaultClient,
  message: string,
  suggestions: readonly string[] = [],
): AccessError {
  return new AccessError('LOGIN_FAILED', message, {
    environment: environment.name,
    suggestions: [
      ...suggestions,
      `Log in with a token instead: spire login -e ${environment.name} --method token`,
      `Or check where OIDC is mounted at ${address}, and its role: VAULT_AUTH_MOUNT, VAULT_AUTH_ROLE`,
    ],
  });
}
