import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { yamlScalar } from './yaml-scalar.ts';

const plain = [
  'db.example.com',
  'https://vault.example.com:8200',
  'secret/data-innovation/spire/development/db',
  'hvs.CAESIJ-_x1',
  'cn-spire-dev',
  '/home/ann/ca.pem',
  'null-and-void',
  'x=%41@b+c~',
];
const quoted = [
  ...['', ' ', ' x', 'x ', 'a b', 'a: b', 'a:', 'a #b', '#a', '- a', '-', '?', ':', '~', '=', '<<'],
  ...['y', 'N', 'yes', 'No', 'ON', 'off', 'true', 'False', 'null', 'NULL', '.inf', '.NaN', '...'],
  ...['0', '0123', '0o17', '0x1F', '1e3', '1_000', '-1', '+1', '.5', '1.', '10:30', '190:20:30'],
  ...['2024-01-31', '2024-01-31 10:00:00', '10.0.0.1', '0b1', '---', '--- a', '--', '12:30:45.5'],
  ...['&a', '*a', '!a', '!!str a', '%a', '@a', '`a', '|', '>', '{a}', '[a]', 'a,b', 'a}', '"a"'],
  ...["it's", "'", "''", '\\', 'a\\nb', '$HOME', '(a)', 'a;b', "'a' # b", 'a | b'],
  ...['a\nb', '\n', 'a\r\nb', '\t', 'a\tb', '\0', '\x07', '\x1b[0m', '\x7f', '\x85', '\xa0', 'é'],
  ...[
    '\u2028',
    '\u2029',
    '\uFEFF',
    '\uFEFFa',
    '\uFFFE',
    '\uFFFD',
    '日本',
    '😀',
    'a😀\nb',
    '\u200b',
  ],
];

describe('yamlScalar', () => {
  it.each(plain)('writes %s as it is', (text) => {
    expect(yamlScalar(text)).toBe(text);
  });

  it.each([...plain, ...quoted])('writes one line of ASCII that both versions read: %j', (text) => {
    const scalar = yamlScalar(text);
    expect(scalar).toMatch(/^[\x20-\x7e]+$/);
    for (const version of ['1.1', '1.2'] as const) {
      expect(parse(`${scalar}: ${scalar} # x`, { version })).toEqual({ [text]: text });
      expect(parse(`{a: ${scalar}, b: {${scalar}: ${scalar}}}`, { version })).toEqual({
        a: text,
        b: { [text]: text },
      });
    }
  });

  it('is read the same by PyYAML, as the former CLI does', ({ skip }) => {
    const python = ['/usr/bin/python3', 'python3'].find(
      (one) => spawnSync(one, ['-c', 'import yaml']).status === 0,
    );
    if (!python) {
      const reason = "PyYAML is missing: python3 -c 'import yaml' fails (Debian: python3-yaml)";
      console.warn(`skipped: ${reason}`);
      return skip(reason);
    }
    const texts = [...plain, ...quoted];
    const lines = texts.map((text, index) => `k${index}: {v: ${yamlScalar(text)}}\n`);
    const script = 'import json,sys,yaml;json.dump(yaml.safe_load(sys.stdin.buffer),sys.stdout)';
    const output = execFileSync(python, ['-c', script], { input: lines.join('') });
    return expect(Object.values(JSON.parse(String(output)))).toEqual(texts.map((v) => ({ v })));
  });
});
