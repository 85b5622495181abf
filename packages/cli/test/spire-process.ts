import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a process printed and how it ended. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

const root = join(import.meta.dirname, '..');

/** What is published, and what `pnpm spire` runs. */
export const BINS = {
  build: join(root, 'dist', 'spire.js'),
  sources: join(root, 'bin', 'spire.ts'),
} as const;

/** A person's machine: an empty home, from which `spire` is called as a process of its own. */
export class Home {
  readonly directory = mkdtempSync(join(tmpdir(), 'spire home \u00e9-'));
  readonly variables: NodeJS.ProcessEnv;
  readonly bin: string;

  constructor(variables: NodeJS.ProcessEnv = {}, bin: string = BINS.build) {
    this.bin = bin;
    const { PATH, TMPDIR } = process.env;
    this.variables = { PATH, ...(TMPDIR ? { TMPDIR } : {}), HOME: this.directory, ...variables };
  }

  /** Calls spire and waits for its end; `input` is its stdin, which is closed otherwise. */
  async spire(args: readonly string[], input?: string): Promise<Ended> {
    const child = this.start(args);
    child.stdin?.end(input);
    return ended(child);
  }

  /** Calls spire with `--json` and gives what it printed. */
  async json(...args: string[]) {
    const { stdout } = await this.spire([...args, '--json']);
    return JSON.parse(stdout);
  }

  /** Starts spire, to watch it or to end it. */
  start(args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [this.bin, ...args], { env: this.variables });
  }

  /** Stops the servers and removes the home. */
  async end(): Promise<void> {
    // Whoever started nothing needs no process to stop it: most homes are such.
    for (const started of ['local', 'practice']) {
      const isThere = existsSync(join(this.directory, '.spire', started));
      if (isThere) await this.spire([started, 'down']);
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Waits for a process' end. */
export function ended(child: ChildProcess): Promise<Ended> {
  const streams = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    streams.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    streams.stderr += chunk;
  });
  // Whoever is killed doesn't read its input to the end.
  child.stdin?.on('error', () => {});
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ ...streams, exitCode, signal }));
  });
}
