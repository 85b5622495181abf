import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePort } from '@spire/servers';
import { type Browser, chromium, type FrameLocator, type Page } from 'playwright-core';
import { findPgAdmin, type PgAdmin } from '../src/services/pgadmin/find-pgadmin.ts';

/** The pgAdmin that is tried, by the Python in `SPIRE_TEST_PGADMIN_PYTHON`, or where it is found. */
export const pgAdmin: PgAdmin | undefined = findPgAdmin(
  process.env,
  process.platform,
  process.env.SPIRE_TEST_PGADMIN_PYTHON,
);

/** Where Chromium is, which stands for pgAdmin's own window. */
const CHROMIUM = process.env.SPIRE_TEST_CHROMIUM ?? '/usr/bin/chromium';

/** Why a real pgAdmin can't be tried here; undefined when it can. */
export const missing: string | undefined = !pgAdmin
  ? 'pgAdmin is neither installed nor named in SPIRE_TEST_PGADMIN_PYTHON'
  : existsSync(CHROMIUM)
    ? undefined
    : `there is no Chromium at ${CHROMIUM}`;

/** What its window would see to: no master password where there is no keyring, and no look for updates. */
const SETTINGS =
  'MASTER_PASSWORD_REQUIRED = False\nUSE_OS_SECRET_STORAGE = False\nUPGRADE_CHECK_ENABLED = False\n';

const FLAGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

/** pgAdmin in desktop mode, and a browser in place of its window. */
export class PgAdminWindow {
  readonly page: Page;
  readonly #server: ChildProcess;
  readonly #browser: Browser;

  private constructor(server: ChildProcess, browser: Browser, page: Page) {
    this.#server = server;
    this.#browser = browser;
    this.page = page;
  }

  /** @param variables with the home in which pgAdmin keeps its own. */
  static async open({ python, setup }: PgAdmin, variables: NodeJS.ProcessEnv) {
    const port = await freePort();
    const settings = join(variables.HOME ?? '', 'config_distro.py');
    writeFileSync(settings, SETTINGS);
    const server = spawn(python, [join(dirname(setup), 'pgAdmin4.py')], {
      env: {
        ...variables,
        PGADMIN_SERVER_MODE: 'OFF',
        PGADMIN_INT_PORT: String(port),
        CONFIG_DISTRO_FILE_PATH: settings,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      // It says so before it listens, and the page is tried until it does.
      await Promise.race([once(server.stdout, 'data'), once(server, 'exit')]);
      const browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: FLAGS.split(' '),
        env: { ...process.env, HOME: variables.HOME ?? '' },
      });
      const page = await browser.newPage({ viewport: { width: 960, height: 580 } });
      page.setDefaultTimeout(60_000);
      const window = new PgAdminWindow(server, browser, page);
      await window.#go(`http://127.0.0.1:${port}/browser/`);
      return window;
    } catch (error) {
      server.kill('SIGKILL');
      throw error;
    }
  }

  async #go(url: string): Promise<void> {
    const until = Date.now() + 60_000;
    for (;;) {
      const refused = await this.page.goto(url).then(
        () => undefined,
        (error: Error) => error,
      );
      if (!refused) return;
      if (!refused.message.includes('ERR_CONNECTION_REFUSED') || Date.now() > until) throw refused;
    }
  }

  /** Connects to a server of a group, as a double click does; further down each time. */
  async connect(group: string, server: string): Promise<void> {
    const node = this.page.getByText(server, { exact: true }).first();
    if (!(await node.isVisible())) {
      await this.page.getByText(group, { exact: true }).first().dblclick();
    }
    const databases = this.page.getByText('Databases', { exact: true });
    const before = await databases.count();
    await node.dblclick();
    await databases.nth(before).waitFor();
  }

  /** Opens the query tool on the database of the server that was connected to last. */
  async openQueryTool(database: string): Promise<FrameLocator> {
    const node = this.page.getByText(database, { exact: true }).first();
    await this.page.getByText('Databases', { exact: true }).last().dblclick();
    await node.click();
    await this.page.locator('button[aria-label="Query Tool"]:enabled').click();
    const tool = this.page.frameLocator('iframe >> nth=-1');
    await tool.locator('button[aria-label="Execute script"]:enabled').waitFor();
    return tool;
  }

  /** Runs a statement, and waits for what it answers. */
  async query(tool: FrameLocator, sql: string, answer: RegExp): Promise<void> {
    const editor = tool.locator('.cm-content:visible').first();
    await editor.click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(sql);
    await tool.locator('button[aria-label="Execute script"]:enabled').click();
    await tool.getByText(answer).first().waitFor();
  }

  /** Ends the browser and pgAdmin. */
  async close(): Promise<void> {
    await this.#browser.close();
    if (this.#server.exitCode !== null) return;
    const ended = once(this.#server, 'exit');
    this.#server.kill('SIGKILL');
    await ended;
  }
}
