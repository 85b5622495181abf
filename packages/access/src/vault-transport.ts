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
 * A transport for node-vault over `fetch`: it has a timeout, follows no redirect, and its errors hold
 * nothing of the request. node-vault's own (axios) has none of these.
 *
 * @param timeoutMillis how long one answer may take.
 */
export function fetchTransport(timeoutMillis: number) {
  const request = async (options: TransportRequest): Promise<TransportResponse> => {
    const hasBody = options.json !== undefined && typeof options.json === 'object';
    let response: Response;
    let text: string;
    try {
      response = await fetch(options.uri, {
        method: options.method,
        headers: { ...options.headers, 'X-Vault-Request': 'true' },
        ...(hasBody ? { body: JSON.stringify(options.json) } : {}),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMillis),
      });
      text = await response.text();
    } catch (error) {
      throw new NoAnswer(reasonOf(error, timeoutMillis));
    }
    return {
      statusCode: response.status,
      body: { ...parseBody(text), retryAfter: response.headers.get('retry-after') },
      request: { path: new URL(options.uri).pathname },
    };
  };
  return { defaults: () => request };
}

/** Something that isn't Vault, such as a proxy's error page, reads as an empty object. */
function parseBody(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? { ...body } : {};
  } catch {
    return {};
  }
}

function reasonOf(error: unknown, timeoutMillis: number): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError') return `none within ${timeoutMillis} ms`;
  const cause = error.cause as { code?: string } | undefined;
  return cause?.code ?? error.message;
}
