import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeEntry, setActiveEnvironment, setEntries } from './config-edit.ts';
import { loadConfigFile } from './config-file.ts';

const SEEDS = 150;
const EDITS = 5;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'spire-config-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('edits of any config file', () => {
  it('touch the lines meant alone, and read back', () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const random = randomFrom(seed);
      const path = join(directory, `${seed}.yml`);
      const { source, values } = someFile(random);
      writeFileSync(path, source, { mode: 0o600 });
      for (let edit = 0; edit < EDITS; edit++) {
        const before = readFileSync(path, 'utf8');
        const limits = editSomehow(random, path, values);
        const after = readFileSync(path, 'utf8');
        const { removed, added } = changedLines(before, after);
        const trace = JSON.stringify({ seed, before, after });
        expect(read(path), trace).toEqual(values);
        expect(
          removed.filter((line) => !limits.mayRemove(line)),
          trace,
        ).toEqual([]);
        expect(added.length, trace).toBeLessThanOrEqual(limits.added);
        expect(after.includes('\r') && /[^\r]\n/.test(after), trace).toBe(false);
      }
    }
  });
});

/** By environment and key; `active_env` is the one without an environment. */
type Values = Map<string, string>;
const nameOf = (environment: string, key: string) => `${environment}.${key}`;

interface Limits {
  readonly mayRemove: (line: string) => boolean;
  readonly added: number;
}

interface Random {
  below(limit: number): number;
  chance(percent: number): boolean;
  of<Item>(items: readonly Item[]): Item;
}

function editSomehow(random: Random, path: string, values: Values): Limits {
  const environment = random.of(ENVIRONMENTS);
  const key = random.of(KEYS);
  const isOwn = (line: string) => line.includes(key) || line.includes('lines of');
  const isBraces = (line: string) => line.includes(`${environment}: {`);
  const mayRemove = (line: string) => isOwn(line) || isBraces(line);
  const text = random.of(TEXTS);
  if (random.chance(20)) {
    setActiveEnvironment(path, environment);
    values.set('active_env', environment);
    return { mayRemove: (line) => line.includes('active_env'), added: 1 };
  }
  if (random.chance(40)) {
    const name = nameOf(environment, key);
    expect(removeEntry(path, environment, key)).toBe(values.has(name));
    values.delete(name);
    // Braces stay a line of their own.
    return { mayRemove, added: 1 };
  }
  setEntries(path, environment, new Map([[key, text]]));
  values.set(nameOf(environment, key), text);
  // The environments, the section and the value.
  return { mayRemove, added: 3 };
}

function read(path: string): Values {
  const { activeEnvironment, environments } = loadConfigFile(path);
  const values: Values = new Map();
  if (activeEnvironment) values.set('active_env', activeEnvironment.value);
  for (const [environment, { entries }] of environments) {
    for (const [key, { value }] of entries) values.set(nameOf(environment, key), value);
  }
  return values;
}

function changedLines(before: string, after: string) {
  const [old, now] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  let start = 0;
  while (start < old.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) {
    end++;
  }
  return { removed: old.slice(start, old.length - end), added: now.slice(start, now.length - end) };
}

const ENVIRONMENTS = ['development', 'staging', 'production', 'mine', '7', 'yes'];
const KEYS = ['DB_HOSTNAME', 'DB_PASSWORD', 'VAULT_TOKEN', 'VAULT_ADDRESS', 'UNKNOWN'];
const TEXTS = [
  ...['db.example.com', 'https://vault.example.com:8200', 'hvs.x-_y', 'yes', '0123', '1e3', '~'],
  ...[
    '2024-01-31',
    ' x ',
    '#x',
    'a: b',
    "it's",
    '"',
    '{x}',
    '[x, y]',
    '*x',
    'é',
    '😀',
    'a\nb',
    'a\\',
  ],
];

function someFile(random: Random): { source: string; values: Values } {
  const values: Values = new Map();
  const isNested = random.chance(50);
  const width = ' '.repeat(random.of([1, 2, 3, 4]));
  const lines: string[] = [];
  const noise = (indentation: string) => {
    if (random.chance(20)) lines.push(random.of(['', `${indentation}# noise: x`, '   ']));
  };
  if (random.chance(20)) lines.push('--- # start');
  if (random.chance(50)) {
    lines.push(`active_env: ${random.of(['staging', '"staging"', "'staging'  # mine"])}`);
    values.set('active_env', 'staging');
  }
  if (isNested) lines.push(random.of(['environments:', 'environments: # all']));
  const outer = isNested ? width : '';
  const inner = outer + width;
  for (const environment of ENVIRONMENTS.filter(() => random.chance(50))) {
    noise(outer);
    const name = random.of([environment, `'${environment}'`]);
    const own = KEYS.filter(() => random.chance(50)).map(
      (key) => [key, random.of([...TEXTS, 'lines of a block'])] as const,
    );
    for (const [key, text] of own) values.set(nameOf(environment, key), text);
    if (random.chance(25)) {
      const pairs = own.map(([key, text]) => `${key}: ${JSON.stringify(text)}`);
      lines.push(`${outer}${environment}: {${pairs.join(', ')}}${random.of(['', ' # x'])}`);
      continue;
    }
    lines.push(`${outer}${name}:${random.of(['', ' ', ' # section'])}`);
    for (const [key, text] of own) {
      noise(inner);
      lines.push(...someEntry(random, inner, key, text));
    }
    noise(inner);
  }
  const newline = random.of(['\n', '\n', '\r\n']);
  const end = random.of([newline, newline, '']);
  return { source: lines.join(newline) + end, values };
}

function someEntry(random: Random, indentation: string, key: string, text: string): string[] {
  const quoted = JSON.stringify(text);
  const comment = random.of(['', '', '   # why', ' #: {']);
  if (text === 'lines of a block') {
    return [`${indentation}${key}: |-${comment}`, `${indentation}  ${text}`];
  }
  const isWord = /^[a-z][a-z.]+$/.test(text) && text !== 'yes';
  return random.of([
    [`${indentation}${key}: ${isWord ? text : quoted}${comment}`],
    [`${indentation}'${key}':  ${quoted}${comment}`],
    [`${indentation}${key}: &${key}${random.below(1e9)} ${quoted}${comment}`],
    [`${indentation}${key}:${comment}`, `${indentation}  ${quoted} # lines of`],
  ]);
}

/** The same numbers for the same seed (mulberry32). */
function randomFrom(seed: number): Random {
  let state = seed * 0x9e3779b9;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    chance: (percent) => below(100) < percent,
    of: <Item>(items: readonly Item[]) => items[below(items.length)] as Item,
  };
}
