import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readFolder } from '@spire/schema';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ended } from './spire-process.ts';

// In a copy of this workspace, whose tables are edited as somebody would who changes the schema.

const root = join(import.meta.dirname, '..', '..', '..');
const copy = mkdtempSync(join(tmpdir(), 'spire-workspace-'));
const schema = join(copy, 'packages', 'schema');
const migrations = join(schema, 'migrations');
const tags = join(schema, 'src', 'tables', 'tags.ts');
const original = readFileSync(join(root, 'packages', 'schema', 'src', 'tables', 'tags.ts'), 'utf8');
const left = ['dist', 'test', 'bench'];

beforeAll(() => {
  cpSync(join(root, 'packages'), join(copy, 'packages'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !left.some((name) => basename(path).split('.')[0] === name),
  });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Undoes what a test did. */
afterEach(() => {
  writeFileSync(tags, original);
  rmSync(migrations, { recursive: true });
  cpSync(join(root, 'packages', 'schema', 'migrations'), migrations, { recursive: true });
});

async function migrateNew(...args: string[]) {
  const bin = join(copy, 'packages', 'cli', 'bin', 'spire.ts');
  const child = spawn(process.execPath, [bin, 'migrate', 'new', ...args, '--json'], {
    env: { PATH: process.env.PATH, HOME: copy },
  });
  child.stdin.end();
  const { stdout, exitCode } = await ended(child);
  return { exitCode, answer: JSON.parse(stdout) };
}

const edit = (from: string, to: string) => writeFileSync(tags, original.replace(from, to));
const addColumn = () =>
  edit('\n});', "\n  colour: varchar('colour', { length: 20 }).notNull(),\n});");

it('writes nothing when nothing has changed', async () => {
  const before = readFolder(migrations);
  const { exitCode, answer } = await migrateNew('nothing');
  expect([exitCode, answer]).toEqual([0, { tag: null, path: null, findings: [] }]);
  expect(readFolder(migrations)).toEqual(before);
});

it('writes what has changed, and names what the linter finds in it', async () => {
  addColumn();
  const { exitCode, answer } = await migrateNew('add_colour');
  expect(exitCode).toBe(0);
  expect(answer).toMatchObject({
    tag: '0013_add_colour',
    path: join(migrations, '0013_add_colour.sql'),
  });
  expect(readFileSync(answer.path, 'utf8')).toMatch(/ALTER TABLE "tags" ADD COLUMN "colour"/);
  const rules = answer.findings.map(({ rule }: { rule: string }) => rule);
  expect(rules).toEqual(['no-way-back', 'adding-required-field']);
  expect((await migrateNew('again')).answer.tag).toBeNull();
});

it('makes an empty one for SQL of your own', async () => {
  const { answer } = await migrateNew('move_owners', '--empty');
  expect(answer.tag).toBe('0013_move_owners');
  expect(readFileSync(answer.path, 'utf8')).toMatch(/^-- Custom SQL migration file/);
});

it.each(['Owners', '../escape'])('%j is no name', async (name) => {
  const { exitCode, answer } = await migrateNew(name);
  expect([exitCode, answer.error.code]).toEqual([2, 'USAGE']);
});

describe('fails, and leaves the folder as it was', () => {
  async function expectFailure(why: RegExp) {
    const before = readFolder(migrations);
    const { exitCode, answer } = await migrateNew('hopeless');
    expect(exitCode).toBe(1);
    expect(answer.error).toMatchObject({
      code: 'MIGRATION_NOT_GENERATED',
      message: expect.stringMatching(why),
    });
    expect(readFolder(migrations)).toEqual(before);
  }

  it('when two branches both added one', async () => {
    addColumn();
    await migrateNew('add_colour');
    // What the other branch made has the same parent.
    const meta = join(migrations, 'meta');
    const parent = JSON.parse(readFileSync(join(meta, '0013_snapshot.json'), 'utf8'));
    const other = { ...parent, id: '00000000-0000-4000-8000-000000000001' };
    writeFileSync(join(meta, '0014_snapshot.json'), JSON.stringify(other));
    writeFileSync(join(migrations, '0014_theirs.sql'), 'select 1;\n');
    const journal = JSON.parse(readFileSync(join(meta, '_journal.json'), 'utf8'));
    const last = journal.entries.at(-1);
    journal.entries.push({ ...last, idx: 14, when: last.when + 1, tag: '0014_theirs' });
    writeFileSync(join(meta, '_journal.json'), JSON.stringify(journal));
    await expectFailure(
      /0014_theirs: meta\/0014_snapshot\.json doesn't follow the snapshot before/,
    );
  });

  it('when drizzle-kit has a question and nobody is there to answer it', async () => {
    edit("label: varchar('label'", "title: varchar('title'");
    await expectFailure(/drizzle-kit wrote nothing/);
  });
});
