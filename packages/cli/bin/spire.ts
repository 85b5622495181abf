#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';

// Half of a command's start is compiling its modules: keep what was compiled.
enableCompileCache();

const root = dirname(import.meta.dirname);
const { runSpire } = await import('../src/run-spire.ts');
await runSpire(root, JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
