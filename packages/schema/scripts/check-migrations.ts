import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Folder, journalProblems, readFolder } from '../src/journal-problems.ts';

// Fails unless the migrations give exactly what the Drizzle tables say, and the journal is in order.

const root = fileURLToPath(new URL('..', import.meta.url));
const migrations = join(root, 'migrations');

/** Undoes what drizzle-kit wrote, and names it. */
function restore(before: Folder): string[] {
  const after = readFolder(migrations);
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (file) => before.get(file) !== after.get(file),
  );
  for (const file of changed) {
    const content = before.get(file);
    if (content === undefined) rmSync(join(migrations, file));
    else writeFileSync(join(migrations, file), content);
  }
  return changed;
}

const before = readFolder(migrations);
const problems = journalProblems(before, Date.now());
const kit = spawnSync(join(root, 'node_modules', '.bin', 'drizzle-kit'), ['generate'], {
  cwd: root,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'pipe'],
  shell: process.platform === 'win32',
});
const changed = restore(before);
for (const file of changed) problems.push(`${file}: drizzle-kit changed it (it is restored)`);
// Its exit code says nothing: it is 0 after a question that nobody could answer.
if (changed.length > 0 || !kit.stdout.includes('No schema changes')) {
  problems.push(
    'the Drizzle tables are not what the migrations give: run drizzle-kit generate in packages/schema, read the SQL and commit it',
  );
  console.error(kit.stdout, kit.stderr);
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${before.size} files of migrations agree with the Drizzle tables.`);
