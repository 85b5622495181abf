import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeEntry, setActiveEnvironment, setEntries } from './config-edit.ts';
import { loadConfigFile } from './config-file.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spire-config-'));
  path = join(directory, 'config.yml');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const write = (source: string) => writeFileSync(path, source, { mode: 0o600 });
const text = () => readFileSync(path, 'utf8');
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
    ['adds to a mapping in braces', '{a: {x: 1}}\n', '{a: {x: 1}, active_env: staging}\n'],
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
    ['ends a comment that has no end', '# x', '# x\nactive_env: staging'],
    ['begins an empty file', '', 'active_env: staging\n'],
    ['keeps comments alone', '# nothing yet\n', '# nothing yet\nactive_env: staging\n'],
    ['keeps Windows line ends', 'active_env: local\r\n# x\r\n', 'active_env: staging\r\n# x\r\n'],
  ])('%s', (_, before, after) => {
    write(before);
    setActiveEnvironment(path, 'staging');
    expect(text()).toBe(after);
    expect(loadConfigFile(path).activeEnvironment?.value).toBe('staging');
  });

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

describe('setEntries', () => {
  // Each sets KEY of "a" to "new".
  it.each([
    [
      'replaces a value before a comment',
      'a:\n  KEY: old  # why\n  B: 1\n',
      'a:\n  KEY: new  # why\n  B: 1\n',
    ],
    ['replaces a quoted value', `a: # x\n  KEY: "o'ld"\n`, 'a: # x\n  KEY: new\n'],
    [
      'replaces lines of quoted text',
      'a:\n  KEY: "o\n    ld"\n  B: 1\n',
      'a:\n  KEY: new\n  B: 1\n',
    ],
    [
      'replaces lines of plain text',
      'a:\n  KEY:\n    o\n    ld\n  B: 1\n',
      'a:\n  KEY:\n    new\n  B: 1\n',
    ],
    [
      'replaces a block and keeps its comment',
      'a:\n  KEY: |- # why\n    old\n\n  B: 1\n',
      'a:\n  KEY: new # why\n\n  B: 1\n',
    ],
    [
      'replaces a value with an anchor that nobody uses',
      'a:\n  KEY: &x old\n',
      'a:\n  KEY: &x new\n',
    ],
    ['replaces a tagged text', 'a:\n  KEY: !!str old\n', 'a:\n  KEY: !!str new\n'],
    ['replaces an alias', 'b:\n  B: &x 1\na:\n  KEY: *x\n', 'b:\n  B: &x 1\na:\n  KEY: new\n'],
    ['fills an empty value', 'a:\n  KEY:\n  B: 1\n', 'a:\n  KEY: new\n  B: 1\n'],
    ['fills an empty value before a comment', 'a:\n  KEY:   # why\n', 'a:\n  KEY: new   # why\n'],
    ['fills an empty value at the end', 'a:\n  KEY:', 'a:\n  KEY: new'],
    ['finds a quoted key', `a:\n  'KEY': old\n`, `a:\n  'KEY': new\n`],
    [
      'finds an environment named with digits',
      '7:\n  B: 1\na:\n  KEY: old\n',
      '7:\n  B: 1\na:\n  KEY: new\n',
    ],
    [
      'adds behind the last value',
      'a:\n    B: 1 # b\nc:\n    D: 1\n',
      'a:\n    B: 1 # b\n    KEY: new\nc:\n    D: 1\n',
    ],
    [
      'adds behind comments of the section',
      'a:\n  B: 1\n\n  # C: 2\n\n# of d\nd:\n  E: 1\n',
      'a:\n  B: 1\n\n  # C: 2\n  KEY: new\n\n# of d\nd:\n  E: 1\n',
    ],
    [
      'adds behind a block',
      'a:\n  B: |\n    x\n\n\nc:\n',
      'a:\n  B: |\n    x\n  KEY: new\n\n\nc:\n',
    ],
    [
      'adds behind a block that keeps its empty lines',
      'a:\n  B: |+\n    x\n\nc:\n',
      'a:\n  B: |+\n    x\n\n  KEY: new\nc:\n',
    ],
    [
      'adds behind a list',
      'a:\n  contacts:\n  - ann\n  - ben # b\nc:\n',
      'a:\n  contacts:\n  - ann\n  - ben # b\n  KEY: new\nc:\n',
    ],
    [
      'adds behind a mapping',
      'a:\n  x:\n    y:\n      z: 1\n',
      'a:\n  x:\n    y:\n      z: 1\n  KEY: new\n',
    ],
    ['adds behind an empty value', 'a:\n  B:   # b\n', 'a:\n  B:   # b\n  KEY: new\n'],
    ['adds to a last line without an end', 'a:\n  B: 1', 'a:\n  B: 1\n  KEY: new'],
    ['adds to a last comment without an end', 'a:\n  B: 1\n  # c', 'a:\n  B: 1\n  # c\n  KEY: new'],
    [
      'adds a Windows line',
      'a:\r\n  B: 1\r\n\r\n  # c\r\nd:\r\n',
      'a:\r\n  B: 1\r\n\r\n  # c\r\n  KEY: new\r\nd:\r\n',
    ],
    [
      'adds before the end of the document',
      '---\na:\n  B: 1\n...\n',
      '---\na:\n  B: 1\n  KEY: new\n...\n',
    ],
    [
      'overrides what the section merges',
      'b: &b\n  KEY: old\na:\n  <<: *b\n',
      'b: &b\n  KEY: old\na:\n  <<: *b\n  KEY: new\n',
    ],
    [
      'fills an empty section',
      'a:   # empty\nb:\n    C: 1\n',
      'a:   # empty\n    KEY: new\nb:\n    C: 1\n',
    ],
    ['fills an empty section at the end', 'b:\n  C: 1\na:', 'b:\n  C: 1\na:\n  KEY: new'],
    [
      'fills a section that says null',
      'b:\n  C: 1\na: ~ # none\n',
      'b:\n  C: 1\na: {KEY: new} # none\n',
    ],
    ['fills empty braces', 'a: {}\n', 'a: {KEY: new}\n'],
    ['fills empty braces of several lines', 'a: {\n  }\n', 'a: {KEY: new\n  }\n'],
    ['adds to braces', 'a: { B: 1 } # a\n', 'a: { B: 1, KEY: new } # a\n'],
    [
      'adds to braces of several lines',
      'a: {\n  B: 1, # b\n  C: x # c\n  }\n',
      'a: {\n  B: 1, # b\n  C: x, KEY: new # c\n  }\n',
    ],
    ['adds to braces with a comma at the end', 'a: {B: [1], }\n', 'a: {B: [1], KEY: new, }\n'],
    ['adds to braces behind an empty value', 'a: {B: }\n', 'a: {B:, KEY: new }\n'],
    ['adds to braces behind a lone key', 'a: {B}\n', 'a: {B, KEY: new}\n'],
    ['adds to JSON', '{"a":{"B":"1"}}\n', '{"a":{"B":"1", KEY: new}}\n'],
    ['replaces in JSON', '{"a":{"KEY":"1"}}\n', '{"a":{"KEY":new}}\n'],
    ['fills a section in braces', '{a: , b: {C: 1}}\n', '{a: {KEY: new} , b: {C: 1}}\n'],
    ['adds a section in braces', '{b: {C: 1}}\n', '{b: {C: 1}, a: {KEY: new}}\n'],
    [
      'adds a section to the flat shape',
      'b:\n    C: 1\n    # d\n\n# e\n',
      'b:\n    C: 1\n    # d\n\n# e\na:\n    KEY: new\n',
    ],
    [
      'adds a section to the other shape',
      'environments:\n  b:\n      C: 1\n      # d\n# e\nx: 1\n',
      'environments:\n  b:\n      C: 1\n      # d\n  a:\n      KEY: new\n# e\nx: 1\n',
    ],
    [
      'adds a section beside one in braces',
      'environments:\n    b: {C: 1}\n',
      'environments:\n    b: {C: 1}\n    a:\n        KEY: new\n',
    ],
    [
      'fills empty environments',
      'environments:\nactive_env: b\n',
      'environments:\n  a:\n    KEY: new\nactive_env: b\n',
    ],
    ['adds environments', 'active_env: b\n', 'active_env: b\nenvironments:\n  a:\n    KEY: new\n'],
    [
      'keeps the flat shape beside empty environments',
      'environments:\nb:\n  C: 1\n',
      'environments:\nb:\n  C: 1\na:\n  KEY: new\n',
    ],
    ['begins an empty file', '', 'environments:\n  a:\n    KEY: new\n'],
    [
      'begins a file of comments',
      '---\r\n# x',
      '---\r\n# x\r\nenvironments:\r\n  a:\r\n    KEY: new',
    ],
    ['begins in empty braces', '{}\n', '{environments: {a: {KEY: new}}}\n'],
  ])('%s', (_, before, after) => {
    write(before);
    setEntries(path, 'a', new Map([['KEY', 'new']]));
    expect(text()).toBe(after);
    expect(loadConfigFile(path).environments.get('a')?.entries.get('KEY')?.value).toBe('new');
  });

  it('makes the file, for its owner alone', () => {
    const file = join(directory, 'new', 'config.yml');
    setEntries(file, 'mine', new Map([['DB_USER', 'ann']]));
    expect(readFileSync(file, 'utf8')).toBe('environments:\n  mine:\n    DB_USER: ann\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(directory, 'new'))).toEqual(['config.yml']);
  });

  it('sets several values in one write', () => {
    write(flat);
    const entries = [
      ['DB_PASSWORD', '0124'],
      ['DB_USER', "o'hara # x"],
      ['GHCR_USER', ''],
    ] as const;
    setEntries(path, 'development', new Map(entries));
    expect(text()).toBe(`${flat.replace(' 0123', " '0124'")}    DB_USER: 'o''hara # x'\n`);
  });

  it('leaves no secret for others to read', () => {
    write('a:\n  B: 1\n');
    chmodSync(path, 0o644);
    setEntries(path, 'a', new Map([['VAULT_TOKEN', 'hvs.canary']]));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['an anchor that is used', 'a:\n  KEY: &x old\nb:\n  C: *x\n', 2],
    ['a section that another merges', 'a: &a\n  KEY: old\nb:\n  <<: *a\n', 2],
    ['a section that stands for another', 'b: &b\n  C: 1\na: *b\n', 3],
    ['environments that stand for others', 'x: &x\n  a:\n    KEY: old\nenvironments: *x\n', 3],
    ['a list', 'a:\n  KEY:\n  - old\n', 2],
    ['a section that is text', 'b:\n  C: 1\na: text\n', 3],
    ['a tag that makes it a number', 'a:\n  KEY: !!int 5\n', 2],
    ['a key without a colon', 'a: {B: 1, KEY}\n', 1],
    ['an anchor without a value', 'a:\n  B: 1\n  KEY: &x\n', 3],
  ])('refuses what it can not change alone: %s', (_, before, line) => {
    write(before);
    let caught: unknown;
    try {
      setEntries(path, 'a', new Map([['KEY', 'canary']]));
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({
      code: 'CONFIG_UNWRITABLE',
      message: `${path}:${line} can't be edited safely.`,
      suggestions: ['Set KEY by hand.'],
    });
    expect(inspect(caught, { depth: 9 })).not.toContain('canary');
    expect(text()).toBe(before);
    expect(readdirSync(directory)).toEqual(['config.yml']);
  });

  it.each([
    ['environments', 'C', 'would hide the others'],
    ['a', 'protected', 'is no text'],
    ['a', 'protectd', 'is misspelt'],
  ])('refuses what nobody could read: %s, %s', (environment, key) => {
    write('b:\n  C: 1\n');
    expect(() => setEntries(path, environment, new Map([[key, 'true']]))).toThrow(
      expect.objectContaining({ code: 'CONFIG_UNWRITABLE' }),
    );
    expect(text()).toBe('b:\n  C: 1\n');
  });
});

describe('removeEntry', () => {
  // Each removes KEY of "a".
  it.each([
    [
      'a line with its comment',
      'a:\n  # b\n  B: 1\n  KEY: old # why\n  # c\n  C: 1\n',
      'a:\n  # b\n  B: 1\n  # c\n  C: 1\n',
    ],
    ['the first line', 'a:\n  KEY: old\n  B: 1\n', 'a:\n  B: 1\n'],
    ['a last line without an end', 'a:\n  B: 1\n  KEY: old', 'a:\n  B: 1\n'],
    ['the only line', 'a: # x\n  KEY: old\nb:\n  C: 1\n', 'a: # x\nb:\n  C: 1\n'],
    ['an empty value', 'a:\n  KEY:   # why\n  B: 1\n', 'a:\n  B: 1\n'],
    ['an empty value at the end', 'a:\n  B: 1\n  KEY:', 'a:\n  B: 1\n'],
    ['lines of quoted text', 'a:\n  KEY: "o\n    ld"\n  B: 1\n', 'a:\n  B: 1\n'],
    ['a block', 'a:\n  KEY: |\n    old\n\n  B: 1\n', 'a:\n\n  B: 1\n'],
    ['a list', 'a:\n  KEY:\n  - x\n  - y # y\n  B: 1\n', 'a:\n  B: 1\n'],
    ['a Windows line', 'a:\r\n  KEY: old\r\n  B: 1\r\n', 'a:\r\n  B: 1\r\n'],
    ['an alias', 'b:\n  B: &x 1\na:\n  KEY: *x\n', 'b:\n  B: &x 1\na:\n'],
    ['the first one in braces', 'a: { KEY: old, B: 1 }\n', 'a: { B: 1 }\n'],
    ['the last one in braces', 'a: {B: 1, KEY: old}\n', 'a: {B: 1}\n'],
    ['the only one in braces', 'a: {KEY: old}\nb: {C: 1}\n', 'a: {}\nb: {C: 1}\n'],
    ['one before a last comma', 'a: {B: 1, KEY: old,}\n', 'a: {B: 1, }\n'],
    ['one in braces of several lines', 'a: {\n  B: 1,\n  KEY: old\n  }\n', 'a: {\n  B: 1\n  }\n'],
  ])('removes %s', (_, before, after) => {
    write(before);
    expect(removeEntry(path, 'a', 'KEY')).toBe(true);
    expect(text()).toBe(after);
    expect(removeEntry(path, 'a', 'KEY')).toBe(false);
    expect(text()).toBe(after);
  });

  it.each([
    '',
    '# x\n',
    'a:\n',
    'a: {}\n',
    'b:\n  KEY: 1\n',
    'KEY: 1\n',
    'environments:\n  a: x\n',
  ])('has nothing to remove from %j', (source) => {
    write(source);
    expect(removeEntry(path, 'a', 'KEY')).toBe(false);
    expect(text()).toBe(source);
  });

  it('has nothing to remove where there is no file', () => {
    expect(removeEntry(path, 'a', 'KEY')).toBe(false);
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    ['an anchor that is used', 'a:\n  KEY: &x old\nb:\n  C: *x\n', 2],
    ['what is merged', 'b: &b\n  KEY: old\na:\n  <<: *b\n', 3],
    ['what would be merged then', 'b: &b\n  KEY: old\na:\n  <<: *b\n  KEY: new\n', 5],
    ['what keeps the lines before apart', 'a:\n  B: |+\n    x\n  KEY: old\n\n  C: 1\n', 4],
    ['what a comment hangs on', 'a: {B: 1, # b\n  KEY: old}\n', 2],
    ['what stands beside an alias of nothing', 'a:\n  KEY: old\n  B: *x\n', 2],
  ])('refuses what it can not remove alone: %s', (_, before, line) => {
    write(before);
    expect(() => removeEntry(path, 'a', 'KEY')).toThrow(
      expect.objectContaining({
        code: 'CONFIG_UNWRITABLE',
        message: `${path}:${line} can't be edited safely.`,
        suggestions: ['Remove KEY by hand.'],
      }),
    );
    expect(text()).toBe(before);
  });
});
