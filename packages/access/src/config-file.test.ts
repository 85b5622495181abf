import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfigFile, setActiveEnvironment } from './config-file.ts';

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

describe('setActiveEnvironment', () => {
  it.each([
    [
      'replaces the value alone',
      nested,
      nested.replace('active_env: development ', 'active_env: staging '),
    ],
    ['adds the line to the flat shape', flat, `active_env: staging\n${flat}`],
    ['keeps the document start first', `---\n${flat}`, `---\nactive_env: staging\n${flat}`],
    ['fills an empty value', `active_env:\n${flat}`, `active_env: staging\n${flat}`],
    ['fills an empty string', `active_env: ''\n${flat}`, `active_env: staging\n${flat}`],
    [
      'fills an empty value before a comment',
      'active_env:   # mine\n',
      'active_env: staging   # mine\n',
    ],
    ['replaces a block', 'active_env: |\n  local\n# x\n', 'active_env: staging\n# x\n'],
    [
      'goes behind a document start with a comment',
      `--- # mine\n${flat}`,
      `--- # mine\nactive_env: staging\n${flat}`,
    ],
    ['keeps the indentation', '  a:\n    x: 1\n', '  active_env: staging\n  a:\n    x: 1\n'],
    ['adds to a mapping in braces', '{a: {x: 1}}\n', '{active_env: staging, a: {x: 1}}\n'],
    [
      'adds a Windows line',
      '# x\r\na:\r\n  b: 1\r\n',
      '# x\r\nactive_env: staging\r\na:\r\n  b: 1\r\n',
    ],
    [
      'keeps a byte order mark first',
      '\uFEFFa:\n  b: 1\n',
      '\uFEFFactive_env: staging\na:\n  b: 1\n',
    ],
    ['ends a comment that has no end', '# x', '# x\nactive_env: staging\n'],
    ['begins an empty file', '', 'active_env: staging\n'],
    ['keeps comments alone', '# nothing yet\n', '# nothing yet\nactive_env: staging\n'],
    ['keeps Windows line ends', 'active_env: local\r\n# x\r\n', 'active_env: staging\r\n# x\r\n'],
  ])('%s', (_, before, after) => {
    write(before);
    setActiveEnvironment(path, 'staging');
    expect(readFileSync(path, 'utf8')).toBe(after);
    expect(loadConfigFile(path).activeEnvironment?.value).toBe('staging');
  });
});

describe('setActiveEnvironment', () => {
  it.each(['null', 'yes', 'true', 'a: b'])('quotes a name such as %s', (name) => {
    write(nested);
    setActiveEnvironment(path, name);
    expect(loadConfigFile(path).activeEnvironment?.value).toBe(name);
  });

  it('says so when it can not write', () => {
    write('a file, no directory');
    expect(() => setActiveEnvironment(join(path, 'config.yml'), 'staging')).toThrow(
      expect.objectContaining({ code: 'CONFIG_UNWRITABLE' }),
    );
  });
});
