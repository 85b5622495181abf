#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';

// Half of a command's start is compiling its modules: keep what was compiled.
enableCompileCache();

const root = dirname(import.meta.dirname);
const { start } = await import('../src/start.ts');
await start(root, () => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
