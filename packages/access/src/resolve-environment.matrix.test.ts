import { describe, expect, it } from 'vitest';
import { completeEnvironment } from './complete-environment.ts';
import type { ConfigFile } from './config-file.ts';
import type { EnvironmentValues, Origin } from './environment.ts';
import type { StoredLogin } from './login-store.ts';
import { resolveEnvironment } from './resolve-environment.ts';
import { Secret } from './secret.ts';
import type { ResolutionInput } from './select-environment.ts';
import { VALUE_KEYS, VALUE_NAMES } from './value-names.ts';

// Every pair of sources, for every key, in every state of DEPLOYMENT_ENV, for an environment, for a
// protected one and for local. What is expected follows from the ranks below, and from nothing else.

type Key = keyof EnvironmentValues;
type SourceName = 'variable' | 'login' | 'file' | 'vault-token-file' | 'vault' | 'default';

/** From strong to weak, as the design has it. */
const RANKS: Readonly<Record<Key, readonly SourceName[]>> = {
  host: ['variable', 'file', 'vault'],
  port: ['variable', 'file', 'vault', 'default'],
  database: ['variable', 'file', 'vault', 'default'],
  user: ['vault', 'variable', 'file', 'default'],
  password: ['vault', 'variable', 'file'],
  tls: ['variable', 'file', 'default'],
  caFile: ['variable', 'file'],
  vaultAddress: ['variable', 'file'],
  vaultCaFile: ['variable', 'file'],
  vaultToken: ['variable', 'login', 'file', 'vault-token-file'],
  authMethod: ['variable', 'file', 'default'],
  authMount: ['variable', 'file'],
  authRole: ['variable', 'file'],
  readPath: ['variable', 'file', 'default'],
  writePath: ['variable', 'file'],
};

/** What each source says of a key; a default says what it says. */
const TEXTS: Readonly<Record<Key, Partial<Record<SourceName, string>>>> = {
  host: { variable: 'v.example.com', file: 'f.example.com', vault: 's.example.com' },
  port: { variable: '1', file: '2', vault: '3', default: '5432' },
  database: { variable: 'v', file: 'f', vault: 's', default: 'spire_db' },
  user: { variable: 'v', file: 'f', vault: 's' },
  password: { variable: 'v', file: 'f', vault: 's' },
  tls: { variable: 'verify-full', file: 'verify-full', default: 'verify-full' },
  caFile: { variable: '/v.pem', file: '/f.pem' },
  vaultAddress: { variable: 'https://v:8200', file: 'https://f:8200' },
  vaultCaFile: { variable: '/v.pem', file: '/f.pem' },
  vaultToken: { variable: 'v', login: 'l', file: 'f', 'vault-token-file': 't' },
  authMethod: { variable: 'oidc', file: 'oidc', default: 'token' },
  authMount: { variable: 'v', file: 'f' },
  authRole: { variable: 'v', file: 'f' },
  readPath: { variable: 'v/db', file: 'f/db' },
  writePath: { variable: 'v/w', file: 'f/w' },
};
const USERS: Readonly<Record<string, string>> = { staging: 'spirestage', production: 'spireprod' };

const STATES = [undefined, '', 'staging', 'production', 'nowhere', 'local'];
const ENVIRONMENTS = ['staging', 'production', 'local'];

const name = (key: Key) => VALUE_NAMES[key].names[0] ?? key;
const ADDRESS = 'https://vault:8200';

function textOf(key: Key, source: SourceName, environment: string): string | undefined {
  if (source !== 'default') return TEXTS[key][source];
  if (key === 'tls' && environment === 'local') return 'disable';
  if (key === 'readPath') return `secret/data-innovation/spire/${environment}/db`;
  return key === 'user' ? USERS[environment] : TEXTS[key].default;
}

/** The input in which exactly these sources say something of the key. */
function inputWith(
  key: Key,
  sources: readonly SourceName[],
  environment: string,
  state: string | undefined,
): ResolutionInput {
  const says = (source: SourceName): Record<string, string> => {
    const text = sources.includes(source) ? TEXTS[key][source] : undefined;
    if (text === undefined) return {};
    // A password without a user of its source is no credential.
    return { [name(key)]: text, ...(key === 'password' ? { DB_USER: 'ann' } : {}) };
  };
  const own = {
    ...says('file'),
    ...(key === 'vaultToken' ? { VAULT_ADDRESS: ADDRESS } : {}),
  };
  const config: ConfigFile = {
    path: 'config.yml',
    activeEnvironment: undefined,
    environments: new Map([
      [
        environment,
        {
          entries: new Map(Object.entries(own).map(([one, value]) => [one, { value, line: 7 }])),
          protected: undefined,
          contacts: [],
        },
      ],
    ]),
  };
  const login: StoredLogin = {
    environment,
    address: ADDRESS,
    token: new Secret('l'),
    method: 'imported',
    expiresAt: undefined,
    file: 'login.json',
  };
  return {
    environment,
    variables: { ...says('variable'), ...(state === undefined ? {} : { DEPLOYMENT_ENV: state }) },
    config,
    local: { ...config },
    logins: sources.includes('login') ? [login] : [],
    vaultTokenFile: sources.includes('vault-token-file')
      ? { value: new Secret('t'), origin: { kind: 'file', file: 't', line: 1, name: 'token' } }
      : undefined,
  };
}

function originOf(key: Key, source: SourceName): Origin {
  switch (source) {
    case 'variable':
      return { kind: 'variable', name: name(key) };
    case 'login':
      return { kind: 'login', file: 'login.json' };
    case 'file':
      return { kind: 'file', file: 'config.yml', line: 7, name: name(key) };
    case 'vault-token-file':
      return { kind: 'file', file: 't', line: 1, name: 'token' };
    case 'vault':
      return { kind: 'vault', path: 'secret/x', version: '3' };
    case 'default':
      return { kind: 'default' };
  }
}

const plain = (value: unknown) => String(value instanceof Secret ? value.reveal() : value);

/** The pairs of sources that may say something of a key, and each source alone. */
const pairs = (key: Key) =>
  RANKS[key].flatMap((one, index) => [[one], ...RANKS[key].slice(index).map((two) => [one, two])]);

describe.each(VALUE_KEYS)('%s', (key) => {
  describe.each(ENVIRONMENTS)('of %s', (environment) => {
    it.each(STATES)('with DEPLOYMENT_ENV=%s', (state) => {
      for (const given of pairs(key)) {
        const sources = [...new Set<SourceName>([...given, 'default'])];
        const input = inputWith(key, sources, environment, state);
        const isLocal = environment === 'local';
        const ignored = isLocal || (Boolean(state) && state !== environment);
        const differs = TEXTS[key].variable !== TEXTS[key].file;
        const label = `${given.join(' and ')} for ${key}`;
        if (given.includes('variable') && given.includes('file') && !ignored && !state && differs) {
          expect(() => resolveEnvironment(input), label).toThrow(
            expect.objectContaining({ code: 'VALUES_CONFLICT' }),
          );
          continue;
        }
        const resolved = resolveEnvironment(input);
        const secret = { [key]: TEXTS[key].vault, ...{ user: 's', password: 's' } };
        const complete = sources.includes('vault')
          ? completeEnvironment(resolved, 'secret/x', {
              fields: secret,
              version: '3',
              lease: undefined,
              engine: 'kv-2',
            })
          : resolved;
        const speaking = RANKS[key].filter(
          (source) =>
            sources.includes(source) &&
            !(source === 'variable' && ignored) &&
            !(source === 'vault-token-file' && isLocal) &&
            textOf(key, source, environment) !== undefined,
        );
        const expected = speaking.map((source) => [
          textOf(key, source, environment),
          originOf(key, source),
        ]);
        const { value, origin, overrode = [] } = complete.values[key] ?? {};
        const found =
          origin === undefined
            ? []
            : [[plain(value), origin], ...overrode.map((one) => [plain(one.value), one.origin])];
        expect(found, label).toEqual(expected);
        const said = resolved.notices.some(
          (notice) => notice.includes(`${name(key)} `) || notice.includes(`${name(key)},`),
        );
        expect(said, `${label}: the notice`).toBe(
          given.includes('variable') && ignored && !isLocal,
        );
      }
    });
  });
});

describe('user and password', () => {
  const pair = (file: Record<string, string>, variables: Record<string, string>) => {
    const input = inputWith('host', [], 'staging', 'staging');
    const entries = new Map(Object.entries(file).map(([one, value]) => [one, { value, line: 7 }]));
    const section = { entries, protected: undefined, contacts: [] };
    return resolveEnvironment({
      ...input,
      config: { ...input.config, environments: new Map([['staging', section]]) },
      variables: { ...variables, DEPLOYMENT_ENV: 'staging' },
    });
  };

  it.each([
    [
      'both of the variables',
      { DB_USER: 'f', DB_PASSWORD: 'f' },
      { DB_USER: 'v', DB_PASSWORD: 'v' },
      'v',
      'v',
    ],
    ['both of the file', { DB_USER: 'f', DB_PASSWORD: 'f' }, {}, 'f', 'f'],
    [
      'of the file, though a variable names a user',
      { DB_USER: 'f', DB_PASSWORD: 'f' },
      { DB_USER: 'v' },
      'f',
      'f',
    ],
    [
      'of the file, though a variable has a password',
      { DB_USER: 'f', DB_PASSWORD: 'f' },
      { DB_PASSWORD: 'v' },
      'f',
      'f',
    ],
    ['the default user where nobody names one', {}, { DB_PASSWORD: 'v' }, 'spirestage', 'v'],
    [
      'no password where its user is from elsewhere',
      { DB_USER: 'f' },
      { DB_PASSWORD: 'v' },
      'f',
      undefined,
    ],
  ])('%s', (_, file, variables, user, password) => {
    const { values, notices } = pair(file, variables);
    expect(values.user?.value).toBe(user);
    expect(values.password?.value.reveal()).toBe(password);
    expect(notices.some((notice) => /isn't used/.test(notice))).toBe(password === undefined);
  });
});
