import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findPgAdmin } from './find-pgadmin.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'find pgadmin-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(...files: string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
}

it.each([
  ['the package for Debian', 'pgadmin4/venv/bin/python3', 'pgadmin4/web/setup.py'],
  [
    'the one for macOS',
    'pgAdmin 4.app/Contents/Frameworks/Python.framework/Versions/Current/bin/python3',
    'pgAdmin 4.app/Contents/Resources/web/setup.py',
  ],
  ['the one for Windows', 'pgAdmin 4/python/python.exe', 'pgAdmin 4/web/setup.py'],
  ['pip', 'venv/bin/python3', 'venv/lib/python3.11/site-packages/pgadmin4/setup.py'],
])('%s has setup.py where it is looked for', (_, python, setup) => {
  put(python, setup);
  expect(findPgAdmin({}, 'linux', join(root, python))).toEqual({
    python: join(root, python),
    setup: join(root, setup),
  });
});

it('is found on PATH, through a link too', () => {
  const setup = 'venv/lib/python3.13/site-packages/pgadmin4/setup.py';
  put('venv/bin/python3', 'venv/bin/pgadmin4', setup);
  mkdirSync(join(root, 'bin'));
  symlinkSync(join(root, 'venv/bin/pgadmin4'), join(root, 'bin/pgadmin4'));
  // Windows' places are none here, so that this machine's own pgAdmin isn't met.
  expect(findPgAdmin({ PATH: join(root, 'bin') }, 'win32')).toEqual({
    python: join(root, 'venv/bin/python3'),
    setup: join(root, setup),
  });
});

it.each(['venv/bin/python3', 'venv/bin/nothing'])('%s without pgAdmin is none', (python) => {
  put('venv/bin/python3');
  expect(findPgAdmin({}, 'linux', join(root, python))).toBeUndefined();
});
