import { AccessError } from '../errors.ts';
import { Secret } from '../secret.ts';
import { parseToken } from '../value-names.ts';

/** A server that knows runtimes, and what it is asked with. */
export interface RuntimeServer {
  readonly service: 'Databricks' | 'Astronomer';
  /** Such as `https://adb-1.2.azuredatabricks.net`: the secret goes nowhere else. */
  readonly origin: string;
  /** The header of this name. */
  readonly authorization: Secret;
  /** What the header holds, in words, such as `the token of DATABRICKS_TOKEN`. */
  readonly proof: string;
  /** What to do when that is refused. */
  readonly remedy: string;
  /** How long one answer may take. */
  readonly timeoutMillis: number;
}

/** How long one answer may take unless the caller says otherwise. */
export const DEFAULT_TIMEOUT_MILLIS = 10_000;

/**
 * A server's origin from a host or a URL. Its path is ignored: it is often pasted from a browser.
 *
 * @param source where it is written, in words.
 * @throws AccessError `RUNTIME_NOT_CONFIGURED`.
 */
export function parseOrigin(text: string, source: string): string {
  const address = /^[a-z]+:\/\//i.test(text.trim()) ? text : `https://${text.trim()}`;
  if (URL.canParse(address)) {
    const { protocol, hostname, username, password, origin } = new URL(address);
    const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
    const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback);
    if (isSafe && !username && !password) return origin;
  }
  throw notConfigured(`The host that goes with ${source} can't be used.`, [
    'Write it as https://HOST (http:// is for loopback alone).',
  ]);
}

/**
 * The header for a token. One that can't stand there would come back in an error.
 *
 * @throws AccessError `RUNTIME_NOT_CONFIGURED`.
 */
export function bearer(token: string, proof: string): Secret {
  try {
    return new Secret(`Bearer ${parseToken(token).reveal()}`);
  } catch {
    throw notConfigured(`This can't be a token: ${proof}.`, ['Copy it again: it is one word.']);
  }
}

/** The error of whoever has no way in yet. */
export function notConfigured(message: string, suggestions: readonly string[]): AccessError {
  return new AccessError('RUNTIME_NOT_CONFIGURED', message, { suggestions });
}
