#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';

// Half of a command's start is compiling its modules: keep what was compiled.
enableCompileCache();

// In the build package.json lies beside this file, in the repository one up.
const here = import.meta.dirname;
const root = existsSync(join(here, 'package.json')) ? here : dirname(here);
const { runSpire } = await import('../src/run-spire.ts');
await runSpire(root, JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
