import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type MigrationFile, migrationFiles } from '@spire/schema';
import { BINS } from './spire-process.ts';

/** Migrations that can be taken back, which none of those that modernise the former tables can. */
const MORE: Readonly<Record<string, readonly [up: string, down: string]>> = {
  '0013_notes': ['create table notes (id uuid primary key, body text);', 'drop table notes;'],
  '0014_note_authors': [
    'alter table notes add column author text;',
    'alter table notes drop column author;',
  ],
};

/** The command with two more migrations than are published. */
export interface ExtendedBuild {
  readonly bin: string;
  readonly files: readonly MigrationFile[];
  remove(): void;
}

/** Copies the build, and adds migrations to it that add a table and a column. */
export function extendBuild(): ExtendedBuild {
  const directory = mkdtempSync(join(tmpdir(), 'spire-build-'));
  const dist = join(directory, 'dist');
  const built = dirname(BINS.build);
  mkdirSync(dist);
  cpSync(built, dist, { recursive: true });
  symlinkSync(join(built, '..', 'node_modules'), join(directory, 'node_modules'));
  const folder = join(dist, 'migrations');
  const journal = join(folder, 'meta', '_journal.json');
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8'));
  for (const [tag, [up, down]] of Object.entries(MORE)) {
    writeFileSync(join(folder, `${tag}.sql`), `${up}\n`);
    writeFileSync(join(folder, `${tag}.down.sql`), `${down}\n`);
    const last = entries.at(-1);
    entries.push({ ...last, idx: last.idx + 1, when: last.when + 60_000, tag });
  }
  writeFileSync(journal, JSON.stringify({ ...rest, entries }));
  return {
    bin: join(dist, 'spire.js'),
    files: migrationFiles(pathToFileURL(`${folder}/`)),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
