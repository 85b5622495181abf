import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder of this test file's own, with a space and a letter that isn't ASCII in its path. */
export function useFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spire archive \u00e9-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
