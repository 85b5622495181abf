import type { request as secureRequest } from 'node:https';

/** What node-vault hands to a transport. */
interface TransportRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/** What node-vault expects back. */
interface TransportResponse {
  readonly statusCode: number;
  readonly body: unknown;
  readonly request: { readonly path: string };
}

/** Why there is no answer when the connection ended well and the answer isn't whole. */
export const BREAKS_OFF = 'its answer breaks off';

/** What node-vault takes for its own way to send. */
export type VaultTransport = ReturnType<typeof vaultTransport>;

/** No answer from Vault at all, with the reason in `reason`: never the request, which holds a token. */
export class NoAnswer extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(`no answer from Vault: ${reason}`);
    this.name = 'NoAnswer';
    this.reason = reason;
  }
}

/**
 * A transport for node-vault: it has a timeout, follows no redirect, and its errors hold nothing of the
 * request. node-vault's own (axios) has none of these.
 *
 * @param timeoutMillis how long one answer may take.
 * @param ca certificates to trust instead of the system's, PEM.
 */
export function vaultTransport(timeoutMillis: number, ca?: string) {
  const send = (options: TransportRequest) =>
    new Promise<TransportResponse>((resolve, reject) => {
      const url = new URL(options.uri);
      const hasBody = options.json !== undefined && typeof options.json === 'object';
      const signal = AbortSignal.timeout(timeoutMillis);
      const fail = (error: Error) =>
        reject(new NoAnswer(signal.aborted ? `none within ${timeoutMillis} ms` : reasonOf(error)));
      const outgoing = requestFor(url)(
        url,
        {
          method: options.method,
          // No connection is kept: Vault is asked rarely, and a script shall end when it is done.
          agent: false,
          signal,
          // Whatever VAULT_SKIP_VERIFY or NODE_TLS_REJECT_UNAUTHORIZED say.
          rejectUnauthorized: true,
          ...(ca ? { ca } : {}),
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.once('error', fail);
          incoming.once('end', () => {
            const { statusCode = 0, headers } = incoming;
            const text = Buffer.concat(chunks).toString('utf8');
            const body = parseBody(text);
            // What Vault began to say isn't what it said.
            if (!body && statusCode === 200 && text.startsWith('{'))
              return reject(new NoAnswer(BREAKS_OFF));
            return resolve({
              statusCode,
              // node-vault passes on the body alone.
              body: { ...body, statusCode, retryAfter: headers['retry-after'] },
              request: { path: url.pathname },
            });
          });
        },
      );
      outgoing.once('error', fail);
      // Not among the options, which Node prints under NODE_DEBUG=http, with the token in them.
      for (const [name, value] of Object.entries(options.headers)) outgoing.setHeader(name, value);
      outgoing.setHeader('X-Vault-Request', 'true');
      outgoing.end(hasBody ? JSON.stringify(options.json) : undefined);
    });
  return { defaults: () => send };
}

/** Not by `import`, which evaluates every getter of the module and so loads all of `fetch` too. */
function requestFor(url: URL): typeof secureRequest {
  return url.protocol === 'https:'
    ? process.getBuiltinModule('node:https').request
    : process.getBuiltinModule('node:http').request;
}

/** @returns undefined for what isn't Vault's, such as a proxy's error page. */
function parseBody(text: string): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? { ...body } : undefined;
  } catch {
    return undefined;
  }
}

/** The code alone: a message may name what was sent. */
function reasonOf(error: NodeJS.ErrnoException): string {
  const [inner] = (error as Partial<AggregateError>).errors ?? [];
  return error.code ?? inner?.code ?? 'connection broken';
}
