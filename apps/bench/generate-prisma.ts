import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// Prisma's client needs no engine since version 7, nor does its generator; its command downloads one
// nevertheless, unless it is told of a program that is there.

const { resolve } = createRequire(import.meta.url);
const prisma = join(dirname(resolve('prisma/package.json')), 'build', 'index.js');
execFileSync(process.execPath, [prisma, 'generate', '--schema', 'schema.prisma', '--no-hints'], {
  cwd: import.meta.dirname,
  env: {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    // No word to Prisma's servers.
    CHECKPOINT_DISABLE: '1',
  },
  stdio: ['ignore', 'ignore', 'inherit'],
});
