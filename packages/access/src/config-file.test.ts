import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfigFile } from './config-file.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spire-config-'));
  path = join(directory, 'config.yml');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const write = (source: string, mode = 0o600) => {
  writeFileSync(path, source);
  chmodSync(path, mode);
};
const flat = `development:                       # the flat shape
    DB_HOSTNAME: xxx.rds.amazonaws.com
    DB_PASSWORD: 0123
    GHCR_USER: ''
    VAULT_TOKEN: hvs.canary
`;
const nested = `# mine
active_env: development   # for now
environments:
  development: {DB_HOSTNAME: a, DEPLOYMENT_ENV: development}
  mine:
    DB_HOSTNAME: b
    protected: true
    contacts: [ann, ben]
`;

describe('loadConfigFile', () => {
  it('reads environments at the top level', () => {
    write(flat);
    const entries = loadConfigFile(path).environments.get('development')?.entries;
    expect(entries?.get('DB_HOSTNAME')).toEqual({ value: 'xxx.rds.amazonaws.com', line: 2 });
    expect(entries?.get('DB_PASSWORD')?.value).toBe('0123');
    expect(entries?.has('GHCR_USER')).toBe(false);
  });

  it('reads environments below their own key, with active_env, protected and contacts', () => {
    write(nested);
    const config = loadConfigFile(path);
    expect(config.activeEnvironment).toEqual({ value: 'development', line: 2 });
    expect([...config.environments.keys()]).toEqual(['development', 'mine']);
    expect(config.environments.get('mine')).toMatchObject({
      protected: true,
      contacts: ['ann', 'ben'],
    });
  });

  it('reads a file that is not there as an empty one', () => {
    expect(loadConfigFile(path).environments.size).toBe(0);
  });

  it.each([
    'DB_PASSWORD: "canary',
    'DB_PASSWORD: |canary',
    'DB_PASSWORD: "\\Ucanary00"',
    'DB_PASSWORD: @canary',
    'DB_PASSWORD: canary: x',
    'DB_PASSWORD: !<canary x',
    'DB_PASSWORD: [canary',
    'DB_PASSWORD: a\n  DB_PASSWORD: canary',
  ])('refuses what is not YAML, with the line and without its content: %s', (text) => {
    write(`development:\n  ${text}\n`);
    let caught: unknown;
    try {
      loadConfigFile(path);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(inspect(caught, { depth: 9 })).not.toContain('canary');
  });

  it('refuses a list', () => {
    write('- development\n');
    expect(() => loadConfigFile(path)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('refuses secrets that others may read, and prints the remedy', () => {
    write(flat, 0o644);
    expect(() => loadConfigFile(path)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INSECURE', suggestions: [`chmod 600 '${path}'`] }),
    );
  });

  it.each([
    ['a value on a line of its own', 'a:\n  VAULT_TOKEN:\n    canary\n'],
    ['a quoted key', `{a: {'DB_PASSWORD': '#canary'}}\n`],
    ['a line that is now a comment', 'a:\n  # VAULT_TOKEN: canary\n'],
  ])('finds a secret in %s', (_, source) => {
    write(source, 0o644);
    expect(() => loadConfigFile(path)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INSECURE' }),
    );
  });

  it('takes an empty token for no secret, and reads values as they are written', () => {
    const source = 'a:\n  VAULT_TOKEN:\n  DB_PORT: 05432\n  DB_NAME: yes\n  DB_USER: true\n';
    write(`${source}  contacts: ann\n`, 0o644);
    const a = loadConfigFile(path).environments.get('a');
    expect([...(a?.entries ?? [])].map(([key, { value, line }]) => [key, value, line])).toEqual([
      ['DB_PORT', '05432', 3],
      ['DB_NAME', 'yes', 4],
      ['DB_USER', 'true', 5],
      ['contacts', 'ann', 6],
    ]);
    expect(a?.contacts).toEqual(['ann']);
  });

  it('says on which line "protected" is no yes or no', () => {
    write('a:\n  DB_NAME: x\n  protected: maybe\n');
    expect(() => loadConfigFile(path)).toThrow(`${path}:3: "protected" has to be true or false.`);
  });

  it.each(['protectd', 'Protected', 'PROTECTED', 'protect', 'protcted'])(
    'takes %s for a misspelling',
    (key) => {
      write(`a:\n  DB_NAME: x\n  ${key}: true\n`);
      expect(() => loadConfigFile(path)).toThrow(
        expect.objectContaining({
          code: 'CONFIG_INVALID',
          message: `${path}:3: "${key}" isn't known.`,
          suggestions: ['Write it as Spire does: protected'],
        }),
      );
    },
  );

  it('takes Contact for a misspelling, and leaves other keys alone', () => {
    write('a:\n  PROTOCOL: https\n  contract: x\n  Contact: ann\n');
    expect(() => loadConfigFile(path)).toThrow(`${path}:4: "Contact" isn't known.`);
  });

  it('reads what aliases and merges stand for', () => {
    write(`base: &base {DB_NAME: base, DB_USER: &user ann, protected: true}
more: &more {DB_NAME: more, DB_PORT: 1}
a:
  DB_PORT: 2
  <<: [*base, *more]
  DB_HOSTNAME: *user
  contacts: [*user]
b: *base
c: &c
  <<: *c
  DB_NAME: c
d: {'<<': *base}
`);
    const { environments } = loadConfigFile(path);
    const entries = environments.get('a')?.entries;
    expect(Object.fromEntries(entries ?? [])).toEqual({
      DB_NAME: { value: 'base', line: 1 },
      DB_USER: { value: 'ann', line: 1 },
      DB_PORT: { value: '2', line: 4 },
      DB_HOSTNAME: { value: 'ann', line: 6 },
      protected: { value: 'true', line: 1 },
    });
    expect(environments.get('a')).toMatchObject({ protected: true, contacts: ['ann'] });
    expect(environments.get('b')?.entries.get('DB_NAME')?.value).toBe('base');
    expect(environments.get('c')?.entries.size).toBe(1);
    expect(environments.get('d')?.entries.size).toBe(0);
  });

  it('says that a directory is no file', () => {
    expect(() => loadConfigFile(directory)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });

  it('reads a file that others may read when it holds no secret', () => {
    write(nested, 0o644);
    expect(loadConfigFile(path).environments.size).toBe(2);
  });

  it('refuses a symbolic link', () => {
    write(flat);
    const link = join(directory, 'link.yml');
    symlinkSync(path, link);
    expect(() => loadConfigFile(link)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INSECURE' }),
    );
  });
});
