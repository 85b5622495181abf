import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The files of a migrations folder: their content by path, such as `meta/_journal.json`. */
export type Folder = ReadonlyMap<string, string>;

/** Reads a migrations folder. */
export function readFolder(folder: string): Folder {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return new Map(
    files
      .filter((file) => statSync(join(folder, file)).isFile())
      .map((file) => [file.replaceAll('\\', '/'), readFileSync(join(folder, file), 'utf8')]),
  );
}

interface Entry {
  readonly idx: number;
  readonly tag: string;
  readonly when: number;
}

/**
 * What is wrong between a journal, its SQL files and its snapshots: numbers that don't count up, times that
 * don't rise or lie ahead, files that are missing or that nobody names, snapshots that don't follow one
 * another (two branches that both added a migration).
 *
 * @param now milliseconds since 1970.
 * @returns one line each; none when all agree.
 */
export function journalProblems(folder: Folder, now: number): string[] {
  const entries: Entry[] = JSON.parse(
    folder.get('meta/_journal.json') ?? '{"entries": []}',
  ).entries;
  const expectedFiles = new Set(['meta/_journal.json']);
  const problems: string[] = [];
  let parent = '00000000-0000-0000-0000-000000000000';
  for (const [position, { idx, tag, when }] of entries.entries()) {
    const number = String(position).padStart(4, '0');
    const snapshot = `meta/${number}_snapshot.json`;
    if (idx !== position) problems.push(`${tag}: its idx is ${idx}, its place is ${position}`);
    if (!tag.startsWith(`${number}_`))
      problems.push(`${tag}: its name doesn't begin with ${number}_`);
    if (when <= (entries[position - 1]?.when ?? 0)) {
      problems.push(`${tag}: its "when" is not after the one before`);
    }
    if (when > now) problems.push(`${tag}: its "when" lies in the future`);
    for (const file of [`${tag}.sql`, snapshot]) {
      expectedFiles.add(file);
      if (!folder.has(file)) problems.push(`${tag}: ${file} is missing`);
    }
    expectedFiles.add(`${tag}.down.sql`);
    const { id, prevId } = JSON.parse(folder.get(snapshot) ?? '{}');
    if (prevId !== parent) problems.push(`${tag}: ${snapshot} doesn't follow the snapshot before`);
    parent = id;
  }
  for (const file of folder.keys()) {
    if (!expectedFiles.has(file)) problems.push(`${file}: the journal doesn't name it`);
  }
  return problems;
}
