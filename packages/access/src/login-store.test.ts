import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  hasExpired,
  type LoginMethod,
  loadLogins,
  loginPath,
  removeLogin,
  type StoredLogin,
  storeLogin,
} from './login-store.ts';
import { resolveEnvironment } from './resolve-environment.ts';
import { Secret } from './secret.ts';

const ADDRESS = 'https://vault.example.com:8200';
const NOON = new Date('2030-01-01T12:00:00Z');
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spire-logins-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const login = (more: Partial<StoredLogin> = {}) => ({
  environment: 'staging',
  address: ADDRESS,
  token: new Secret('hvs.canary'),
  method: 'token' as LoginMethod,
  expiresAt: NOON,
  ...more,
});

/** A file as somebody's editor may have left it. */
function put(content: string, mode = 0o600): string {
  const file = loginPath(directory, 'staging');
  mkdirSync(dirname(file), { mode: 0o700, recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

const text = (more: object = {}) => JSON.stringify({ ...login(), token: 'hvs.canary', ...more });

describe('a login that was stored', () => {
  it('is read back, and only its owner may read it', () => {
    const file = storeLogin(directory, login());
    expect([statSync(file).mode & 0o777, statSync(dirname(file)).mode & 0o777]).toEqual([
      0o600, 0o700,
    ]);
    const [found, ...more] = loadLogins(directory);
    expect(more).toEqual([]);
    expect(found).toEqual({ ...login(), file });
    expect(found?.token.reveal()).toBe('hvs.canary');
  });

  it('takes the place of the one before, and of no other environment', () => {
    storeLogin(directory, login());
    storeLogin(directory, login({ token: new Secret('hvs.next'), expiresAt: undefined }));
    storeLogin(directory, login({ environment: 'a/b' }));
    expect(loadLogins(directory).map((one) => [one.environment, one.token.reveal()])).toEqual([
      ['a/b', 'hvs.canary'],
      ['staging', 'hvs.next'],
    ]);
    expect([removeLogin(directory, 'staging'), removeLogin(directory, 'staging')]).toEqual([
      true,
      false,
    ]);
    expect(loadLogins(directory).map(({ environment }) => environment)).toEqual(['a/b']);
  });

  it('expires at its time', () => {
    const stored = { ...login(), file: '' };
    expect([NOON.getTime() - 1, NOON.getTime()].map((now) => hasExpired(stored, now))).toEqual([
      false,
      true,
    ]);
    expect(hasExpired({ ...stored, expiresAt: undefined }, Number.MAX_VALUE)).toBe(false);
  });
});

it('there is none where nobody has logged in', () => {
  expect(loadLogins(join(directory, 'nowhere'))).toEqual([]);
});

describe('a file that Spire did not write so', () => {
  it.each([
    ['is cut off', text().slice(0, -3)],
    ['is empty', ''],
    ['holds null', 'null'],
    ['holds a list', '[]'],
    ['lacks the token', text({ token: undefined })],
    ['has an empty address', text({ address: '' })],
    ['has a number for a token', text({ token: 7 })],
    ['has a token on two lines', text({ token: 'hvs.canary\nX-Other: 1' })],
    ['has a date that is none', text({ expiresAt: 'canary' })],
  ])('that %s is refused, without showing it', (_, content) => {
    const file = put(content);
    let error: unknown;
    try {
      loadLogins(directory);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      message: `${file} isn't a login of Spire's.`,
      suggestions: [`Remove it and log in again: rm '${file}'`],
    });
    const shown = [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error)];
    expect(shown.join()).not.toContain('canary');
  });

  it.each([0o640, 0o604])('that others may read (%o) is refused', (mode) => {
    const file = put(text(), mode);
    expect(() => loadLogins(directory)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INSECURE', suggestions: [`chmod 600 '${file}'`] }),
    );
  });

  it('that is a link is refused', () => {
    const file = put(text());
    symlinkSync(file, loginPath(directory, 'other'));
    expect(() => loadLogins(directory)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INSECURE' }),
    );
  });
});

describe('the login that an environment uses', () => {
  const OTHER = 'https://other.example.com:8200';
  const NEXT = /has expired: spire login -e staging/;

  it.each<[string, Partial<StoredLogin>, boolean, RegExp | undefined]>([
    ['is its own', {}, true, undefined],
    ['is its own, from a cluster', { method: 'imported' }, true, undefined],
    ["is a person's for another environment", { environment: 'development' }, true, undefined],
    ["is a person's by OIDC", { environment: 'development', method: 'oidc' }, true, undefined],
    ["is no cluster's", { environment: 'development', method: 'imported' }, false, undefined],
    ["is no colleague's", { environment: 'development', method: 'shared' }, false, undefined],
    ['is for each address of its Vault', { address: `${OTHER},${ADDRESS}` }, true, undefined],
    ['is for its Vault alone', { address: OTHER }, false, /for another Vault/],
    ["is a person's for the same Vault", { environment: 'x', address: OTHER }, false, undefined],
    ['has not expired', { expiresAt: new Date(NOON.getTime() - 1) }, false, NEXT],
    ['may live for ever', { expiresAt: undefined }, true, undefined],
  ])('%s', (_, more, used, notice) => {
    storeLogin(directory, login({ expiresAt: new Date(NOON.getTime() + 1), ...more }));
    const entries = new Map([['VAULT_ADDRESS', { value: ADDRESS, line: 2 }]]);
    const section = { entries, protected: undefined, contacts: [] };
    const { values, notices } = resolveEnvironment({
      environment: 'staging',
      variables: {},
      config: {
        path: 'config.yml',
        activeEnvironment: undefined,
        environments: new Map([['staging', section]]),
      },
      local: undefined,
      logins: loadLogins(directory),
      now: NOON.getTime(),
    });
    expect(values.vaultToken?.value.reveal()).toBe(used ? 'hvs.canary' : undefined);
    expect(values.vaultToken?.origin.kind).toBe(used ? 'login' : undefined);
    expect(notices).toEqual(notice ? [expect.stringMatching(notice)] : []);
  });
});
