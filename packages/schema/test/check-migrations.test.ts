import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { journalProblems } from '../src/journal-problems.ts';

const entry = (idx: number, tag: string, when: number) => ({ idx, tag, when });
const folder = (entries: object[], files: Record<string, string>) =>
  new Map(Object.entries({ 'meta/_journal.json': JSON.stringify({ entries }), ...files }));
const first = '{"id": "a", "prevId": "00000000-0000-0000-0000-000000000000"}';
const good = {
  '0000_a.sql': '',
  '0001_b.sql': '',
  'meta/0000_snapshot.json': first,
  'meta/0001_snapshot.json': '{"id": "b", "prevId": "a"}',
};

test('the migrations give what the Drizzle tables say, and drizzle-kit changes nothing', () => {
  const script = fileURLToPath(new URL('../scripts/check-migrations.ts', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout).toContain('agree with the Drizzle tables');
});

test('a journal in order has no problems', () => {
  expect(journalProblems(folder([entry(0, '0000_a', 1), entry(1, '0001_b', 2)], good), 2)).toEqual(
    [],
  );
});

test('every disorder of a journal is named', () => {
  const files = {
    ...good,
    'meta/0001_snapshot.json': '{"id": "b", "prevId": "x"}',
    '0002_orphan.sql': '',
  };
  const entries = [entry(0, '0000_a', 2), entry(2, '0001_b', 2), entry(2, '0003_c', 9)];
  expect(journalProblems(folder(entries, files), 5)).toEqual([
    '0001_b: its idx is 2, its place is 1',
    '0001_b: its "when" is not after the one before',
    "0001_b: meta/0001_snapshot.json doesn't follow the snapshot before",
    "0003_c: its name doesn't begin with 0002_",
    '0003_c: its "when" lies in the future',
    '0003_c: 0003_c.sql is missing',
    '0003_c: meta/0002_snapshot.json is missing',
    "0003_c: meta/0002_snapshot.json doesn't follow the snapshot before",
    "0002_orphan.sql: the journal doesn't name it",
  ]);
});
