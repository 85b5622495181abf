import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

// What is published: few files, in which a command's modules are evaluated when that command runs.
// They are CommonJS: through `import`, Node evaluates every getter of its own modules (that of `http`
// loads a whole client), which costs more than all of oclif.

interface Manifest {
  commands: Record<string, { relativePath: string[]; isESM: boolean }>;
}

const root = join(import.meta.dirname, '..');
// Made beside its place: whoever runs the last build meanwhile keeps a whole one.
const dist = join(root, `dist.${process.pid}.new`);
const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const write = (file: string, content: object) =>
  writeFileSync(join(dist, file), JSON.stringify(content));

const manifest: Manifest = read('oclif.manifest.json');
const commands = Object.entries(manifest.commands).map(
  ([id, { relativePath }]) =>
    `get ${JSON.stringify(id)}() { return require(${JSON.stringify(`./${relativePath.join('/')}`)}).default; }`,
);

const { name, version, license, dependencies, oclif } = read('package.json');
// What isn't bundled: plugins, which oclif takes only from the dependencies, and the linter's program.
const apartFromBundle = ['@oclif/plugin-autocomplete', 'squawk-cli'];
const published = {
  name,
  version,
  license,
  type: 'commonjs',
  dependencies: Object.fromEntries(apartFromBundle.map((one) => [one, dependencies[one]])),
  oclif: {
    ...oclif,
    commands: { strategy: 'explicit', target: './commands.js', identifier: 'COMMANDS' },
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

// Files of their own: oclif and what runs it, the definitions, which only writes need, and what answers a
// GUI without oclif.
const APART: Record<string, string> = {
  '@oclif/core': './oclif.js',
  '@spire/schema/definitions': './definitions.js',
  './run-spire.ts': './run-spire.js',
  './print-password.ts': './print-password.js',
};
const apart: Plugin = {
  name: 'apart',
  setup({ onResolve }) {
    onResolve(
      { filter: /^@(oclif|spire)\/|^\.\/(run-spire|print-password)\.ts$/ },
      ({ path, kind }) => {
        const file = APART[path];
        return file && kind !== 'entry-point' ? { path: file, external: true } : undefined;
      },
    );
  },
};

// The transport is ours (see vault/transport.ts): node-vault never calls these, and `https` is slow to load.
const uncalled: Plugin = {
  name: 'uncalled',
  setup({ onResolve }) {
    onResolve({ filter: /^(axios|https)$/ }, ({ importer }) =>
      /[\\/]node-vault[\\/]/.test(importer)
        ? { path: join(root, 'scripts', 'uncalled.ts') }
        : undefined,
    );
  },
};

for (const name of ['@oclif/core', '@spire/schema/definitions']) {
  await build({ ...options, entryPoints: [name], outfile: join(dist, APART[name] ?? '') });
}
await bundle(
  'main.js',
  `require('./src/start.ts').start(__dirname, () => (${JSON.stringify(published)}));`,
);
await bundle('run-spire.js', "export * from './src/run-spire.ts';");
await bundle('print-password.js', "export * from './src/print-password.ts';");
await bundle('commands.js', `exports.COMMANDS = {\n${commands.join(',\n')}\n};`);

async function bundle(file: string, contents: string): Promise<void> {
  await build({
    ...options,
    stdin: { contents, resolveDir: root },
    outfile: join(dist, file),
    // Servers are optional, drizzle-kit is there in a checkout, and pg-native is looked for at run time.
    external: ['@spire/servers', 'drizzle-kit/api', 'pg-native'],
    // By `require`: Node's loader of modules that are imported isn't loaded for it.
    supported: { 'dynamic-import': file !== 'main.js' },
    plugins: [apart, uncalled],
    // migrationFiles() looks one folder up, as from src/.
    define: { 'import.meta.url': '__importMetaUrl' },
    banner: {
      js: "const __importMetaUrl=require('node:url').pathToFileURL(__dirname+'/src/x.js').href;",
    },
  });
}

// A file of its own, since only what is loaded after it comes from the compile cache.
writeFileSync(
  join(dist, 'spire.js'),
  "#!/usr/bin/env node\nrequire('node:module').enableCompileCache();\nrequire('./main.js');\n",
  { mode: 0o755 },
);
write('package.json', published);
for (const command of Object.values(manifest.commands)) {
  Object.assign(command, { relativePath: ['commands.js'], isESM: false });
}
write('oclif.manifest.json', manifest);
cpSync(join(root, '..', 'schema', 'migrations'), join(dist, 'migrations'), { recursive: true });
// As migrationFiles(), databaseCa() looks one folder up.
cpSync(join(root, '..', 'access', 'certificates'), join(dist, 'certificates'), { recursive: true });
// What the quickstart reads; the other examples are packages of the workspace.
for (const name of ['workflow.yml', 'job-configs']) {
  const from = join(root, '..', '..', 'examples', name);
  cpSync(from, join(dist, 'examples', name), { recursive: true });
}

const place = join(root, 'dist');
const old = `${place}.${process.pid}.old`;
if (existsSync(place)) renameSync(place, old);
renameSync(dist, place);
rmSync(old, { recursive: true, force: true });
