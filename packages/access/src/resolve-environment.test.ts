import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ConfigFile } from './config-file.ts';
import { describeOrigin, type EnvironmentValues } from './environment.ts';
import { resolveEnvironment } from './resolve-environment.ts';
import { Secret } from './secret.ts';
import { VALUE_KEYS, VALUE_NAMES } from './value-names.ts';

type Texts = Readonly<Record<string, string>>;

/** A config file that says these things of these environments, a line each. */
function config(path: string, environments: Readonly<Record<string, Texts>>): ConfigFile {
  return {
    path,
    activeEnvironment: undefined,
    environments: new Map(
      Object.entries(environments).map(([name, texts]) => [
        name,
        {
          entries: new Map(
            Object.entries(texts).map(([key, value], index) => [key, { value, line: index + 2 }]),
          ),
          protected: undefined,
          contacts: [],
        },
      ]),
    ),
  };
}

const resolve = (file: Texts, variables: Texts, environment = 'staging') =>
  resolveEnvironment({
    environment,
    variables,
    config: config('config.yml', { staging: file, development: {} }),
    local: config('local.yml', { local: { DB_HOSTNAME: '127.0.0.1' } }),
  });

const plain = (value: unknown) => (value instanceof Secret ? value.reveal() : value);

/** For each key: its variable, a value as text, another one, and the two as they come out. */
const SAMPLES: Record<keyof EnvironmentValues, readonly [string, string, unknown, unknown]> = {
  host: ['a.example.com', 'b.example.com', 'a.example.com', 'b.example.com'],
  port: ['5433', '5434', 5433, 5434],
  database: ['one', 'two', 'one', 'two'],
  user: ['ann', 'ben', 'ann', 'ben'],
  password: ['p-one', 'p-two', 'p-one', 'p-two'],
  tls: ['verify-full', 'verify-full', 'verify-full', 'verify-full'],
  caFile: ['/one.pem', '/two.pem', '/one.pem', '/two.pem'],
  vaultAddress: ['https://a:8200', 'https://b:8200', 'https://a:8200', 'https://b:8200'],
  vaultCaFile: ['/one.pem', '/two.pem', '/one.pem', '/two.pem'],
  authMethod: ['token', 'oidc', 'token', 'oidc'],
  authMount: ['oidc', 'okta', 'oidc', 'okta'],
  authRole: ['reader', 'writer', 'reader', 'writer'],
  vaultToken: ['t-one', 't-two', 't-one', 't-two'],
  readPath: ['secret/one/db', 'secret/two/db', 'secret/one/db', 'secret/two/db'],
  writePath: ['secret/one/w', 'secret/two/w', 'secret/one/w', 'secret/two/w'],
};

describe.each(VALUE_KEYS)('%s', (key) => {
  const [name = ''] = VALUE_NAMES[key].names;
  const [one, two, first, second] = SAMPLES[key];
  const of = (file: Texts, variables: Texts) => resolve(file, variables).values[key];

  it('comes from the config file, with its line', () => {
    const resolved = of({ [name]: one }, {});
    expect(plain(resolved?.value)).toBe(first);
    expect(resolved?.origin).toEqual({ kind: 'file', file: 'config.yml', line: 2, name });
  });

  it('comes from a variable that fills a gap', () => {
    const resolved = of({}, { [name]: one });
    expect(plain(resolved?.value)).toBe(first);
    expect(resolved?.origin).toEqual({ kind: 'variable', name });
  });

  it('comes from the variable when DEPLOYMENT_ENV names the environment, overriding the file', () => {
    const resolved = of({ [name]: two }, { [name]: one, DEPLOYMENT_ENV: 'staging' });
    expect(plain(resolved?.value)).toBe(first);
    const overrode = resolved?.overrode.map((other) => [
      plain(other.value),
      describeOrigin(other.origin),
    ]);
    expect(overrode?.[0]).toEqual([second, 'config.yml:2']);
  });

  it('ignores the variable, and says so, when DEPLOYMENT_ENV names another', () => {
    const environment = resolve({ [name]: two }, { [name]: one, DEPLOYMENT_ENV: 'development' });
    expect(plain(environment.values[key]?.value)).toBe(second);
    expect(environment.notices).toEqual([
      `${name} ignored: they belong to development (DEPLOYMENT_ENV), not to staging.`,
    ]);
  });

  it('agrees with an equal variable when DEPLOYMENT_ENV is unset', () => {
    expect(plain(of({ [name]: one }, { [name]: one })?.value)).toBe(first);
  });

  // TLS has one value outside of local, which can't differ from itself.
  if (one !== two) {
    it('refuses a variable that differs when DEPLOYMENT_ENV is unset', () => {
      expect(() => of({ [name]: one }, { [name]: two })).toThrow(
        expect.objectContaining({
          code: 'VALUES_CONFLICT',
          message: expect.stringMatching(new RegExp(`variable ${name} and config.yml:2`)),
        }),
      );
    });
  }

  it('takes an empty variable as not given', () => {
    expect(plain(of({ [name]: one }, { [name]: '' })?.value)).toBe(first);
  });

  it('reads no variable for local', () => {
    const local = resolve({}, { [name]: one, DEPLOYMENT_ENV: 'local' }, 'local');
    expect(local.values[key]?.origin.kind).not.toBe('variable');
  });
});

describe('defaults', () => {
  it("are the organisation's, by environment", () => {
    const { values } = resolve({}, {});
    expect(values.user?.value).toBe('spirestage');
    expect(values.readPath).toEqual({
      value: 'secret/data-innovation/spire/staging/db',
      origin: { kind: 'default' },
      overrode: [],
    });
    expect(values.tls?.value).toBe('verify-full');
    expect(resolve({}, {}, 'local').values.tls?.value).toBe('disable');
  });
});

describe('a Vault token', () => {
  it('is not used with the address of another source', () => {
    const environment = resolve(
      { VAULT_ADDRESS: 'https://file:8200', VAULT_TOKEN: 't-file' },
      { VAULT_ADDRESS: 'https://variable:8200', DEPLOYMENT_ENV: 'staging' },
    );
    expect(environment.values.vaultAddress?.value).toBe('https://variable:8200');
    expect(environment.values.vaultToken).toBeUndefined();
    expect(environment.notices.join()).toMatch(/token of config.yml:3 is for another address/);
  });

  it('is used when its address is the same, written differently', () => {
    const { values } = resolve(
      { VAULT_ADDRESS: 'https://VAULT.example.com:443/', VAULT_TOKEN: 't' },
      { VAULT_ADDRESS: 'https://vault.example.com', DEPLOYMENT_ENV: 'staging' },
    );
    expect(values.vaultToken?.value.reveal()).toBe('t');
  });

  it.each([
    ['https://b', 't'],
    ['https://b,https://a', 't'],
    ['https://a,https://c', undefined],
  ])('for several addresses may go to %s: %s', (VAULT_ADDRESS, token) => {
    const { values } = resolve(
      { VAULT_ADDRESS: 'https://a,https://b', VAULT_TOKEN: 't' },
      { VAULT_ADDRESS, DEPLOYMENT_ENV: 'staging' },
    );
    expect(values.vaultToken?.value.reveal()).toBe(token);
  });

  it("without an address of its own goes to the environment's", () => {
    const { values } = resolve({ VAULT_ADDRESS: 'https://file:8200' }, { VAULT_TOKEN: 't' });
    expect(values.vaultToken?.value.reveal()).toBe('t');
  });
});

describe('VAULT_ADDR and VAULT_ADDRESS', () => {
  it('mean the same', () => {
    expect(resolve({}, { VAULT_ADDR: 'https://a:8200' }).values.vaultAddress?.value).toBe(
      'https://a:8200',
    );
  });

  it('agree when the one, for programs that take one address, is among the other', () => {
    const list = 'https://a:8200,https://b:8200';
    const { values } = resolve({}, { VAULT_ADDR: 'https://b:8200', VAULT_ADDRESS: list });
    expect(values.vaultAddress?.value).toBe(list);
    const more = { VAULT_ADDR: list, VAULT_ADDRESS: 'https://b:8200' };
    expect(() => resolve({}, more)).toThrow(expect.objectContaining({ code: 'VALUES_CONFLICT' }));
  });

  it('are refused when they disagree', () => {
    const both = { VAULT_ADDR: 'https://a:8200', VAULT_ADDRESS: 'https://b:8200' };
    expect(() => resolve({}, both)).toThrow(
      expect.objectContaining({
        code: 'VALUES_CONFLICT',
        // DEPLOYMENT_ENV wouldn't help: they belong to the same source.
        suggestions: ['Unset one of them, or make them equal.'],
      }),
    );
  });
});

it.each([
  ['DB_PORT', '70000', /port from 1 to 65535/],
  ['DB_PORT', '0x1538', /port from 1 to 65535/],
  ['DB_HOSTNAME', 'postgres://x', /host name/],
  ['DB_HOSTNAME', 'db.example.com/spire', /host name/],
  ['DB_TLS', 'require', /verify-full or disable/],
  ['VAULT_ADDRESS', 'vault', /expected a URL/],
  ['VAULT_ADDRESS', 'https://vault.example.com/?a=b', /without \? and #/],
  ['VAULT_TOKEN', 'can\nary', /without spaces/],
  ['DB_CA_FILE', 'relative.pem', /absolute path/],
  ['VAULT_ADDRESS', 'http://vault.example.com', /https/],
  ['VAULT_ADDRESS', 'https://user:pw@vault.example.com', /without a user/],
  ['VAULT_READ_PATH', 'no path', /secret\/team\/db/],
])('%s=%s is refused with its place', (name, text, message) => {
  expect(() => resolve({ [name]: text }, {})).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(message),
      suggestions: ['Correct it in config.yml:2.'],
    }),
  );
});

it.each<[string, Texts, Texts]>([
  ['the file', { DB_TLS: 'disable' }, {}],
  ['a variable', {}, { DB_TLS: 'disable' }],
  [
    'a variable, against the file',
    { DB_TLS: 'verify-full' },
    { DB_TLS: 'disable', DEPLOYMENT_ENV: 'staging' },
  ],
])(
  'refuses to leave another environment than local unencrypted, as %s says',
  (_, file, variables) => {
    expect(() => resolve(file, variables)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INSECURE' }),
    );
  },
);

it('shows no secret, whichever way it is looked at', () => {
  const canary = 'canary-0123456789';
  const environment = resolve({ VAULT_TOKEN: canary, DB_PASSWORD: canary }, {});
  const shown = [
    inspect(environment, { depth: 9, showHidden: true }),
    JSON.stringify(environment),
    `${environment.values.vaultToken?.value}`,
  ];
  expect(shown.join()).not.toContain(canary);
  expect(`${inspect(new Error('x', { cause: environment.values.password?.value }))}`).not.toContain(
    canary,
  );
  expect(environment.values.password?.value.reveal()).toBe(canary);
});
