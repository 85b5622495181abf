import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** What judges tarballs, and the oldest Node that they promise to work on. */
const TOOLS = { '@arethetypeswrong/cli': '0.18.5', node: '22.23.3', publint: '0.3.25' };

/**
 * Packs the SDK and what it needs of its siblings, and installs the example from the tarballs, the rest
 * from the registry. It is no member of the workspace: what isn't packed isn't there.
 */
export function installPacked() {
  const folder = mkdtempSync(join(tmpdir(), 'spire-packed-'));
  const end = () => rmSync(folder, { recursive: true, force: true });
  const run = (program: string, args: readonly string[], cwd: string) => {
    const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
    if (error) throw error;
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}`);
    return stdout;
  };
  try {
    for (const name of ['schema', 'access', 'sdk']) {
      run('pnpm', ['pack', '--pack-destination', folder], join(ROOT, 'packages', name));
    }
    const tarballs = globSync('*.tgz', { cwd: folder }).sort();
    const service = join(folder, 'service');
    cpSync(join(ROOT, 'examples', 'service'), service, { recursive: true });
    // pnpm reads JSON where it expects YAML.
    const write = (name: string, content: object) =>
      writeFileSync(join(folder, name), JSON.stringify(content));
    write('package.json', { private: true, devDependencies: TOOLS });
    write('pnpm-workspace.yaml', {
      packages: ['service'],
      overrides: Object.fromEntries(
        tarballs.map((file) => {
          const [, name] = /^spire-(\w+)-/.exec(file) ?? [];
          return [`@spire/${name}`, `file:${join(folder, file)}`];
        }),
      ),
      allowBuilds: { node: true },
    });
    run('pnpm', ['install'], folder);
    const bin = (name: string) => join(folder, 'node_modules', '.bin', name);
    return {
      folder,
      service,
      tarballs,
      oldestNode: bin('node'),
      /** @throws what the tool prints, when it isn't content. */
      judge: (tool: 'publint' | 'attw', tarball: string, ...args: readonly string[]) =>
        run(bin(tool), [join(folder, tarball), ...args], folder),
      end,
    };
  } catch (error) {
    end();
    throw error;
  }
}
