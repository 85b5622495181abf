import { setTimeout as sleep } from 'node:timers/promises';
import { AccessError } from '../errors.ts';
import { type Fields, fieldsOf } from './fields.ts';
import type { RuntimeServer } from './runtime-server.ts';

/** One question to a server. */
export interface Question {
  /** From the root, such as `/api/2.1/clusters/list`. */
  readonly path: string;
  /** Empty ones are left out. */
  readonly query?: Readonly<Record<string, string>>;
  /** What is asked for, in words for errors, such as `the clusters`. */
  readonly subject: string;
  /** Makes it a POST of a form. */
  readonly form?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: string;
}

const MAX_TRIES = 3;
const MAX_WAIT_SECONDS = 5;

/**
 * Asks a server and gives the object it answers with. It follows no redirect, waits a little where it is
 * asked to slow down, and its errors hold nothing that was sent or answered.
 *
 * @throws AccessError `RUNTIME_DENIED`, `RUNTIME_NOT_FOUND`, `RUNTIME_RATE_LIMITED`,
 * `RUNTIME_UNAVAILABLE`.
 */
export async function askRuntime(server: RuntimeServer, question: Question): Promise<Fields> {
  for (let tries = 1; ; tries += 1) {
    const answer = await send(server, question);
    const wait = Number(answer.retryAfter ?? 1);
    if (answer.status !== 429 || tries === MAX_TRIES || !(wait <= MAX_WAIT_SECONDS)) {
      return readAnswer(answer, server, question);
    }
    await sleep(wait * 1000);
  }
}

async function send(server: RuntimeServer, { path, query, form }: Question): Promise<Answer> {
  const url = new URL(path, server.origin);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value) url.searchParams.set(name, value);
  }
  const signal = AbortSignal.timeout(server.timeoutMillis);
  try {
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      headers: { Authorization: server.authorization.reveal(), Accept: 'application/json' },
      body: form ? new URLSearchParams(form) : null,
      redirect: 'manual',
      signal,
    });
    const { status, headers } = response;
    return { status, retryAfter: headers.get('retry-after'), body: await response.text() };
  } catch (error) {
    const reason = signal.aborted ? `none within ${server.timeoutMillis} ms` : reasonOf(error);
    throw unavailable(server, `${nameOf(server)} doesn't answer (${reason}).`);
  }
}

function readAnswer(answer: Answer, server: RuntimeServer, question: Question): Fields {
  const name = nameOf(server);
  const { status, retryAfter, body } = answer;
  if (status === 200) return parse(body, server);
  if (status === 401 || status === 403 || (status === 400 && question.form)) {
    const message = `${name} refuses ${server.proof}, asked for ${question.subject}.`;
    throw new AccessError('RUNTIME_DENIED', message, {
      suggestions: ['It may have expired, or not be allowed to see this.', server.remedy],
    });
  }
  // Databricks says 400 of an id that it doesn't know.
  if (status === 404 || status === 400) {
    throw new AccessError('RUNTIME_NOT_FOUND', `${name} doesn't know ${question.subject}.`, {
      suggestions: ['Check its id, and the address.'],
    });
  }
  if (status === 429) {
    const when = Number(retryAfter) > 0 ? `in ${Number(retryAfter)} s` : 'in a while';
    throw new AccessError('RUNTIME_RATE_LIMITED', `${name} asks to slow down.`, {
      suggestions: [`Try again ${when}.`],
    });
  }
  throw unavailable(server, `${name} answered with status ${status}.`);
}

/** Behind a wrong address may be a web server of any kind. */
function parse(body: string, server: RuntimeServer): Fields {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return fieldsOf(value);
  } catch {}
  const message = `What answers at ${server.origin} doesn't seem to be ${server.service}.`;
  throw unavailable(server, message);
}

function unavailable({ origin }: RuntimeServer, message: string): AccessError {
  return new AccessError('RUNTIME_UNAVAILABLE', message, {
    suggestions: [`Check the address and the network: ${origin}`],
  });
}

/** A server in words. */
export function nameOf({ service, origin }: RuntimeServer): string {
  return `${service} at ${origin}`;
}

/** The code alone: a message may name what was sent. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: NodeJS.ErrnoException };
  return cause?.code ?? 'connection broken';
}
