import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** What a command printed, both streams as a terminal shows them, and how it ended. */
export interface CommandResult {
  readonly output: string;
  readonly exitCode: number;
}

/** A reader's machine: an empty home, and a `spire` that runs this repository's sources. */
export interface Sandbox {
  run(command: string): Promise<CommandResult>;
  /** Stops the servers that were started and removes the home. */
  end(): Promise<void>;
}

const COMMAND_MILLIS = 60_000;

/**
 * Makes a reader's machine. `spire`, `pnpm spire` and `npx -y pnpm@12 spire` all run the sources; `npx -y
 * pnpm@12 exec` runs what stands behind it.
 *
 * @param root the repository: commands run in it.
 */
export function openSandbox(root: string): Sandbox {
  const directory = mkdtempSync(join(tmpdir(), 'spire-docs-'));
  const home = join(directory, 'home');
  const bin = join(directory, 'bin');
  mkdirSync(home);
  mkdirSync(bin);
  const spire = `exec '${process.execPath}' '${join(root, 'packages', 'cli', 'bin', 'spire.ts')}'`;
  writeProgram(join(bin, 'spire'), `${spire} "$@"`);
  writeProgram(join(bin, 'pnpm'), `shift; ${spire} "$@"`);
  writeProgram(
    join(bin, 'npx'),
    `shift 2; if [ "$1" = exec ]; then "$@"; fi; shift; ${spire} "$@"`,
  );
  const variables = {
    HOME: home,
    PATH: [bin, dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    NO_COLOR: '1',
    TZ: 'UTC',
    LANG: 'C.UTF-8',
  };
  const run = (command: string) =>
    new Promise<CommandResult>((resolve, reject) => {
      const child = spawn('/bin/sh', ['-c', `{ ${command}\n} 2>&1`], {
        cwd: root,
        env: variables,
        stdio: ['ignore', 'pipe', 'inherit'],
        timeout: COMMAND_MILLIS,
      });
      const chunks: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
      child.once('error', reject);
      child.once('close', (code) => {
        const text = Buffer.concat(chunks).toString('utf8').trimEnd();
        const output = text.replaceAll(home, '~').replaceAll(root, '.');
        resolve({ output, exitCode: code ?? 1 });
      });
    });
  return {
    run,
    async end() {
      await run('spire local down');
      await run('spire practice down');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function writeProgram(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}
