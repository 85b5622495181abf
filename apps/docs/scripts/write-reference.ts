import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pageProblems } from './page-problems.ts';
import { readPages } from './pages.ts';
import { generatePages } from './reference/generate-pages.ts';

// Writes what docs/ has from the code. With --check it writes nothing, and says what isn't as it should be.

const root = join(import.meta.dirname, '..', '..', '..');
if (!process.argv.includes('--check')) {
  const pages = readPages(root);
  const found = new Map(pages.map(({ name, markdown }) => [name, markdown]));
  for (const [name, page] of generatePages(root, pages).pages) {
    const file = join(root, 'docs', name);
    if (found.get(name) === page) continue;
    if (page === undefined) rmSync(file);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, page);
    }
    console.log(`${page === undefined ? 'Removed' : 'Wrote'} docs/${name}`);
  }
}
const problems = await pageProblems(root, readPages(root));
for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log('The reference is what the code says.');
process.exitCode = problems.length === 0 ? 0 : 1;
