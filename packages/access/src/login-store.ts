import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AccessError } from './errors.ts';
import { readPrivateFile, removePrivateFile, writePrivateFile } from './private-file.ts';
import type { Secret } from './secret.ts';
import { parseToken } from './value-names.ts';

/** How a token came here. */
export type LoginMethod = 'token' | 'oidc' | 'imported' | 'shared';

/** A Vault token that `spire login` stored, bound to the Vault that it is for. */
export interface StoredLogin {
  /** The environment that was logged in to. */
  readonly environment: string;
  /** The only address that the token is sent to, or several of one Vault with commas between. */
  readonly address: string;
  readonly token: Secret;
  readonly method: LoginMethod;
  /** Undefined: the token doesn't expire. */
  readonly expiresAt: Date | undefined;
  readonly file: string;
}

/** The file of an environment's login; `directory` is Spire's. */
export function loginPath(directory: string, environment: string): string {
  return join(directory, 'logins', `${encodeURIComponent(environment)}.json`);
}

/**
 * Reads every stored login.
 *
 * @throws AccessError `CONFIG_INVALID` (a file holds something else), `CONFIG_INSECURE` (others may read it).
 */
export function loadLogins(directory: string): StoredLogin[] {
  let names: string[];
  try {
    names = readdirSync(join(directory, 'logins'));
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => readLogin(join(directory, 'logins', name)) ?? []);
}

function readLogin(file: string): StoredLogin | undefined {
  const found = readPrivateFile(file);
  if (!found) return undefined;
  if (!found.isPrivate) {
    throw new AccessError('CONFIG_INSECURE', `${file} holds a token and other users may read it.`, {
      suggestions: [`chmod 600 '${file}'`],
    });
  }
  try {
    const { environment, address, token, method, expiresAt } = JSON.parse(found.text);
    for (const text of [environment, address, token, method]) {
      if (typeof text !== 'string' || text === '') throw new TypeError('a field is missing');
    }
    const end = expiresAt ? new Date(expiresAt) : undefined;
    // Else it would never expire.
    if (Number.isNaN(end?.getTime())) throw new TypeError('not a date');
    return {
      environment,
      address,
      token: parseToken(token),
      method,
      expiresAt: end,
      file,
    };
  } catch {
    // Without the cause: a SyntaxError quotes the text, and that is a token.
    throw new AccessError('CONFIG_INVALID', `${file} isn't a login of Spire's.`, {
      suggestions: [`Remove it and log in again: rm '${file}'`],
    });
  }
}

/**
 * Stores a login, in place of the one that its environment had.
 *
 * @returns the file, which only its owner may read.
 * @throws AccessError `CONFIG_UNWRITABLE`.
 */
export function storeLogin(directory: string, login: Omit<StoredLogin, 'file'>): string {
  const file = loginPath(directory, login.environment);
  const content = { ...login, token: login.token.reveal() };
  writePrivateFile(file, `${JSON.stringify(content, null, 2)}\n`);
  return file;
}

/** Forgets an environment's login. @returns whether there was one. */
export function removeLogin(directory: string, environment: string): boolean {
  return removePrivateFile(loginPath(directory, environment));
}

/** Whether a login's token has run out, by what Vault said when it was stored. */
export function hasExpired(login: StoredLogin, now: number): boolean {
  return login.expiresAt !== undefined && login.expiresAt.getTime() <= now;
}

/** Whether it is a person's own, which is good for every environment of the same Vault. */
export function isPersonal({ method }: StoredLogin): boolean {
  return method === 'token' || method === 'oidc';
}
