import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrationsFolder } from '@spire/schema';
import { build } from 'esbuild';

/**
 * Bundles `spire-copy.ts` as the command that is published is: from the sources, Node needs 200 MB for
 * reading them alone.
 *
 * @param folder an empty one.
 * @returns the program.
 */
export async function bundle(folder: string): Promise<string> {
  const outfile = join(folder, 'src', 'spire-copy.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'spire-copy.ts')],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: ['drizzle-kit/api', 'pg-native'],
    // pg is CommonJS.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  // migrationFiles() looks one folder up, as from src/.
  cpSync(fileURLToPath(migrationsFolder()), join(folder, 'migrations'), { recursive: true });
  return outfile;
}
