#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Half of a command's start is compiling its modules: keep what was compiled.
enableCompileCache();

const root = fileURLToPath(new URL('..', import.meta.url));
const { runSpire } = await import('../src/run-spire.ts');
await runSpire(root, JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')));
