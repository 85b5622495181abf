import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { durationSeconds } from './duration.ts';
import type { Operation } from './engine.ts';
import { isJsonObject, type JsonObject, parseFlag } from './fields.ts';
import { LIST_STAND_IN } from './list-verb.ts';
import { RequestError } from './request-error.ts';
import type { VaultRequest, VaultResponse } from './vault.ts';

/** A request as it is logged: nothing of it is secret. */
export interface VaultLogEntry {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly tokenAccessor?: string;
}

/** Vault's limit too. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  GET: 'read',
  POST: 'update',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
  [LIST_STAND_IN]: 'list',
};

/** Translates between HTTP and a Vault. */
export function createHttpServer(
  answer: (request: VaultRequest) => Promise<VaultResponse>,
  log: (entry: VaultLogEntry) => void,
): Server {
  return createServer(async (incoming, outgoing) => {
    const method = incoming.method === LIST_STAND_IN ? 'LIST' : (incoming.method ?? '');
    let response: VaultResponse;
    try {
      response = await answer(await readRequest(incoming));
    } catch (error) {
      if (incoming.readableAborted) return;
      response = failed(error);
    }
    const { status, tokenAccessor } = response;
    const entry = { method, path: loggedPath(incoming.url ?? ''), status };
    log(tokenAccessor === undefined ? entry : { ...entry, tokenAccessor });
    send(outgoing, response, incoming);
  });
}

async function readRequest(incoming: IncomingMessage): Promise<VaultRequest> {
  const [rawPath = '', rawQuery = ''] = (incoming.url ?? '').split('?', 2);
  const path = decodePath(rawPath);
  const query = new URLSearchParams(rawQuery);
  const operation = operationOf(incoming, path, query);
  const { headers } = incoming;
  if (
    operation === 'patch' &&
    !headers['content-type']?.startsWith('application/merge-patch+json')
  ) {
    throw new RequestError(415, "PATCH requires Content-Type 'application/merge-patch+json'");
  }
  const body = parseBody(await readBody(incoming));
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  const token = headers['x-vault-token']?.toString() || bearer;
  const listed = operation === 'list' && !path.endsWith('/') ? `${path}/` : path;
  const wrapTtl = wrapSeconds(headers['x-vault-wrap-ttl']?.toString() ?? '');
  return { operation, path: listed, query, body, token, wrapTtl };
}

function wrapSeconds(text: string): number {
  const prefix = 'error parsing X-Vault-Wrap-TTL header';
  if (text.startsWith('-')) {
    throw new RequestError(400, `${prefix}: requested wrap ttl cannot be negative`);
  }
  return durationSeconds(text, prefix);
}

function decodePath(rawPath: string): string {
  let path: string;
  try {
    path = decodeURIComponent(rawPath);
  } catch {
    throw new RequestError(400, 'invalid path');
  }
  if (!path.startsWith('/v1/')) throw new RequestError(404);
  if (path.split('/').includes('..')) {
    throw new RequestError(400, 'path cannot contain parent references');
  }
  return path.slice('/v1/'.length);
}

function operationOf({ method = '' }: IncomingMessage, path: string, query: URLSearchParams) {
  if (method === 'HEAD' && path === 'sys/health') return 'read';
  const operation = Object.hasOwn(OPERATIONS, method) ? OPERATIONS[method] : undefined;
  if (!operation) throw new RequestError(405);
  const list = query.get('list');
  if (operation !== 'read' || list === null || list === '') return operation;
  const lists = parseFlag(list);
  if (lists === undefined) throw new RequestError(400);
  return lists ? 'list' : 'read';
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    // The rest is still read: to stop here would cut the connection before the answer.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) throw new RequestError(413, 'http: request body too large');
  return Buffer.concat(chunks).toString('utf8');
}

function parseBody(text: string): JsonObject {
  if (text.trim() === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // Without JSON.parse's reason, which quotes the body.
    throw new RequestError(400, 'failed to parse JSON input: invalid JSON');
  }
  if (body === null) return {};
  if (!isJsonObject(body)) {
    throw new RequestError(400, 'failed to parse JSON input: not an object');
  }
  return body;
}

function failed(error: unknown): VaultResponse {
  if (error instanceof RequestError)
    return { status: error.status, body: { errors: error.errors } };
  // Its code says enough to find the fault; its message might quote what was sent.
  const { code, name } = error as NodeJS.ErrnoException;
  return { status: 500, body: { errors: [`internal error (${code ?? name})`] } };
}

function send(
  outgoing: ServerResponse,
  { status, body }: VaultResponse,
  incoming: IncomingMessage,
) {
  outgoing.setHeader('Cache-Control', 'no-store');
  // What of the body wasn't read would be taken for the next request.
  if (!incoming.complete) outgoing.setHeader('Connection', 'close');
  if (body === undefined) {
    outgoing.writeHead(status).end();
    return;
  }
  outgoing.setHeader('Content-Type', 'application/json');
  const text = `${JSON.stringify(body)}\n`;
  outgoing.setHeader('Content-Length', Buffer.byteLength(text));
  outgoing.writeHead(status).end(incoming.method === 'HEAD' ? undefined : text);
}

/** Without the query, and without a token that somebody put behind `auth/token/lookup/`. */
function loggedPath(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  return path.replace(/^(\/v1\/auth\/token\/[^/]*)\/.*$/, '$1/…');
}
