import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { useFolder } from './use-folder.ts';

// A disk of its own, which this test's process alone sees. Who isn't root is root in a namespace.
const isRoot = process.getuid?.() === 0;
const PRIVATE = ['--mount', ...(isRoot ? [] : ['--user', '--map-root-user'])];
const MOUNT = ['mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', '/mnt'];
const canMount = spawnSync('unshare', [...PRIVATE, ...MOUNT]).status === 0;
if (!canMount)
  console.log('Skipped: a full disk, since no file system can be mounted here (unshare)');

interface Attempt {
  readonly step: string;
  readonly code: string;
  readonly message: string;
  readonly suggestion: string;
  readonly same: boolean;
  readonly left: readonly string[];
}

describe.skipIf(!canMount)('a full disk', () => {
  const folder = useFolder();
  let attempts: Attempt[];
  beforeAll(async () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const script = join(import.meta.dirname, 'full-disk.ts');
    const child = spawn('unshare', [...PRIVATE, process.execPath, script], {
      env: { ...process.env, DISK: disk },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [lines] = await Promise.all([text(child.stdout), once(child, 'close')]);
    attempts = lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  }, 180_000);

  it('leaves the target as it was, and nothing beside it, wherever it is met', () => {
    const failed = attempts.slice(0, -1);
    for (const { step, message, suggestion, ...attempt } of failed) {
      expect(attempt).toEqual({ code: 'COPY_FAILED', same: true, left: [] });
      expect(message).toMatch(/^development couldn't be filled: .* \(53100\)\.$/);
      expect(suggestion).toMatch(/^Make room on the target/);
    }
    // Before the first row, among rows, and in the swap.
    const steps = failed.map(({ step }) => step);
    expect(steps).toEqual(expect.arrayContaining(['none', 'copied', 'swapping']));
  });

  it('is no matter any more once there is room', () => {
    expect(attempts.at(-1)).toMatchObject({ code: 'done', same: false });
  });
});
