import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

// What is published: one file, in which a command's modules are evaluated when that command runs.
// It is CommonJS: through `import`, Node evaluates every getter of its own modules (that of `http`
// loads a whole client), which costs more than all of oclif.

interface Manifest {
  commands: Record<string, { relativePath: string[]; isESM: boolean }>;
}

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const write = (file: string, content: object) =>
  writeFileSync(join(dist, file), JSON.stringify(content));

const manifest: Manifest = read('oclif.manifest.json');
const commands = Object.entries(manifest.commands).map(
  ([id, { relativePath }]) =>
    `get ${JSON.stringify(id)}() { return require(${JSON.stringify(`./${relativePath.join('/')}`)}).default; }`,
);

const { name, version, license, dependencies, oclif } = read('package.json');
// oclif takes only those plugins that are dependencies.
const plugin = '@oclif/plugin-autocomplete';
const published = {
  name,
  version,
  license,
  type: 'commonjs',
  dependencies: { [plugin]: dependencies[plugin] },
  oclif: {
    ...oclif,
    commands: { strategy: 'explicit', target: './main.js', identifier: 'COMMANDS' },
  },
};

const options: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  minify: true,
  legalComments: 'linked',
  logLevel: 'warning',
};

rmSync(dist, { recursive: true, force: true });
// The definitions are half of the code, and only writes need them: a file of their own.
const definitions = '@spire/schema/definitions';
await build({ ...options, entryPoints: [definitions], outfile: join(dist, 'definitions.js') });
await build({
  ...options,
  stdin: {
    contents: `exports.COMMANDS = {\n${commands.join(',\n')}\n};
require('./src/run-spire.ts').runSpire(__dirname, ${JSON.stringify(published)});`,
    resolveDir: root,
  },
  outfile: join(dist, 'main.js'),
  // Servers are optional, and pg-native is looked for at run time.
  external: ['@spire/servers', 'pg-native'],
  // The transport is ours (see vault-transport.ts): axios is never called.
  alias: { axios: join(root, 'scripts', 'no-axios.ts') },
  plugins: [
    {
      name: 'definitions-apart',
      setup({ onResolve }) {
        const filter = new RegExp(`^${definitions}$`);
        onResolve({ filter }, () => ({ path: './definitions.js', external: true }));
      },
    },
  ],
  // migrationFiles() looks one folder up, as from src/.
  define: { 'import.meta.url': '__importMetaUrl' },
  banner: {
    js: "const __importMetaUrl=require('node:url').pathToFileURL(__dirname+'/src/main.js').href;",
  },
});

// A file of its own, since only what is loaded after it comes from the compile cache.
writeFileSync(
  join(dist, 'spire.js'),
  "#!/usr/bin/env node\nrequire('node:module').enableCompileCache();\nrequire('./main.js');\n",
  { mode: 0o755 },
);
write('package.json', published);
for (const command of Object.values(manifest.commands)) {
  Object.assign(command, { relativePath: ['main.js'], isESM: false });
}
write('oclif.manifest.json', manifest);
cpSync(join(root, '..', 'schema', 'migrations'), join(dist, 'migrations'), { recursive: true });
cpSync(join(root, '..', '..', 'examples'), join(dist, 'examples'), { recursive: true });
