import { globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { ARROWS } from './arrows.ts';
import { importsOf } from './imports.ts';

const root = join(import.meta.dirname, '..');
const problems: string[] = [];

for (const name of readdirSync(join(root, 'packages'))) {
  const arrows = ARROWS[name];
  if (!arrows) {
    problems.push(`packages/${name} has no line in scripts/arrows.ts`);
    continue;
  }
  const folder = join(root, 'packages', name);
  for (const file of globSync('{src,bin,test,scripts,bench}/**/*.ts', { cwd: folder })) {
    // What isn't published may use what tests may.
    const isTest = !/^(src|bin)\b/.test(file) || file.endsWith('.test.ts');
    const allowed = isTest
      ? [...arrows.may, ...(arrows.testsMay ?? []), 'servers', name]
      : arrows.may;
    const never = isTest ? [] : [...(arrows.never ?? [])];
    const path = join(folder, file);
    for (const specifier of importsOf(readFileSync(path, 'utf8'))) {
      const where = relative(root, path);
      const sibling = /^@spire\/([^/]+)/.exec(specifier)?.[1];
      if (sibling && !allowed.includes(sibling)) {
        problems.push(`${where}: ${name} may not import ${sibling}`);
      }
      if (never.some((library) => specifier === library || specifier.startsWith(`${library}/`))) {
        problems.push(`${where}: ${name} may not import ${specifier}`);
      }
      if (specifier.startsWith('.') && leaves(folder, resolve(dirname(path), specifier))) {
        problems.push(`${where}: ${specifier} reaches into another package`);
      }
    }
  }
}

function leaves(folder: string, target: string): boolean {
  return !target.startsWith(folder + sep);
}

for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'The arrows hold.' : `${problems.length} arrows are broken.`);
process.exitCode = problems.length === 0 ? 0 : 1;
