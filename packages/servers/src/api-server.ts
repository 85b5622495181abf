import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request that was answered, without what it was authorized by. */
export interface ApiRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Whether its token was the right one. */
  readonly authorized: boolean;
}

/** What a server answers: a status and a body, JSON unless it is text. */
export interface ApiAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A running stand-in for somebody's public API. */
export interface ApiServer {
  /** `http://127.0.0.1:PORT`. */
  readonly address: string;
  /** All requests so far. */
  readonly requests: readonly ApiRequest[];
  /** What the next request is answered with, whatever it asks; called twice, the next two. */
  answerNext(answer: ApiAnswer): void;
  stop(): Promise<void>;
}

/** A request as a route sees it. */
export interface RoutedRequest {
  readonly url: URL;
  readonly authorization: string;
  /** Of a POST. */
  readonly form: URLSearchParams;
}

/** Starts a server on a free port of loopback that keeps a list of what it was asked. */
export async function startApi(
  token: string,
  route: (request: RoutedRequest) => ApiAnswer,
): Promise<ApiServer> {
  const requests: ApiRequest[] = [];
  const prepared: ApiAnswer[] = [];
  const answer = async (incoming: IncomingMessage): Promise<ApiAnswer> => {
    const { method = '', url: path = '', headers } = incoming;
    const authorization = headers.authorization ?? '';
    requests.push({ method, path, authorized: authorization === `Bearer ${token}` });
    const form = new URLSearchParams(await text(incoming));
    return (
      prepared.shift() ?? route({ url: new URL(path, 'http://127.0.0.1'), authorization, form })
    );
  };
  const server = createServer(async (incoming, outgoing) => {
    const { status = 200, headers = {}, body } = await answer(incoming);
    outgoing.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    outgoing.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  return {
    address: `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`,
    requests,
    answerNext: (next) => prepared.push(next),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
