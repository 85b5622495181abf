import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing, PgAdminWindow, pgAdmin } from './pgadmin-window.ts';
import { Home } from './spire-process.ts';

// A real pgAdmin, on the practice organisation. SPIRE_UPDATE_PICTURES=1 writes the pictures of its page.

if (missing) console.log(`Skipped: a real pgAdmin, since ${missing}`);

const PICTURES = join(import.meta.dirname, '..', '..', '..', 'docs', 'guides', 'img');
const NAMES = ['Spire Production', 'Spire Staging', 'Spire Development'];

describe.skipIf(missing)('pgAdmin', () => {
  const home = new Home();
  const python = pgAdmin?.python ?? '';
  const load = (...more: string[]) =>
    home.json('gui', 'pgadmin', '--import', '--python', python, ...more);
  let window: PgAdminWindow;

  beforeAll(async () => {
    const { configDirectory } = await home.json('practice', 'up');
    home.variables.SPIRE_CONFIG_DIR = configDirectory;
  });
  afterAll(async () => {
    await window?.close();
    await home.end();
  });

  async function picture(name: string): Promise<void> {
    if (!process.env.SPIRE_UPDATE_PICTURES) return;
    mkdirSync(PICTURES, { recursive: true });
    // Messages and hints pass by.
    await window.page.mouse.move(600, 14);
    await Promise.all(
      window.page.frames().map((frame) =>
        frame
          .getByText(/^(Server connected|Successfully run)/)
          .last()
          .waitFor({ state: 'hidden' }),
      ),
    );
    await window.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }

  it('is given what it lacks, once, and keeps what it has', async () => {
    const own = await load('--group', 'My own', '-e', 'staging');
    expect(own.imported).toEqual({ added: ['Spire Staging'], kept: [], different: [] });
    const first = await load();
    expect(first.imported).toEqual({ added: NAMES, kept: [], different: [] });
    expect((await load()).imported).toEqual({ added: [], kept: NAMES, different: [] });

    await home.spire(['env', 'set', 'DB_PORT', '1', '-e', 'staging']);
    const { imported } = await load();
    expect(imported).toEqual({
      added: [],
      kept: NAMES.filter((name) => name !== 'Spire Staging'),
      different: ['Spire Staging'],
    });
    await home.spire(['practice', 'up']);
  });

  it('connects without being told a password, and runs a query', async () => {
    if (!pgAdmin) throw new Error('skipped without one');
    const { SPIRE_CONFIG_DIR: _, ...variables } = home.variables;
    window = await PgAdminWindow.open(pgAdmin, variables);
    await window.connect('Spire', 'Spire Development');
    await picture('pgadmin-connected');
    const tool = await window.openQueryTool('spire_development');
    await window.query(
      tool,
      'select name, enabled from workflows order by name limit 3;',
      /Total rows: 3/,
    );
    await window.page.getByText('Databases', { exact: true }).first().dblclick();
    await picture('pgadmin-query');
  });

  it("follows a password that has changed, and may not write in production's session", async () => {
    const { users } = await home.json('practice', 'rotate', '-e', 'production');
    expect(users).toContain('spireprod_reader');
    await window.connect('Spire', 'Spire Production');
    const tool = await window.openQueryTool('spire_production');
    await window.query(
      tool,
      'delete from workflows;',
      /cannot execute DELETE in a read-only transaction/,
    );
    await picture('pgadmin-read-only');
  });

  it('has kept no password', async () => {
    const files = globSync('.pgadmin/**/*', { cwd: home.directory, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
    expect(files.length).toBeGreaterThan(0);
    for (const environment of ['production', 'development']) {
      const { stdout } = await home.spire(['db', 'password', '-e', environment, '--raw']);
      expect(stdout.trim().length).toBeGreaterThan(20);
      expect(files.some((bytes) => bytes.includes(stdout.trim()))).toBe(false);
    }
  });
});
