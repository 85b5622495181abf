import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { asCalled, calledAs, callerPath } from './called-as.ts';

const directory = mkdtempSync(join(tmpdir(), 'called-as-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

/** A directory with a pnpm in it. */
function withPnpm(name: string): string {
  const path = join(directory, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'pnpm'), '');
  chmodSync(join(path, 'pnpm'), 0o755);
  return path;
}

describe('calledAs', () => {
  const script = { npm_lifecycle_event: 'spire' };

  it('is spire for the shim and the installed command', () => {
    expect(calledAs({ PATH: withPnpm('bin') })).toBe('spire');
    expect(calledAs({ PATH: withPnpm('bin'), npm_lifecycle_event: 'test' })).toBe('spire');
  });

  it('is pnpm spire where a pnpm stays', () => {
    const brought = withPnpm(join('_npx', 'abc', 'node_modules', '.bin'));
    const PATH = [brought, withPnpm('bin')].join(delimiter);
    expect(calledAs({ ...script, PATH })).toBe('pnpm spire');
  });

  it.each([join('_npx', 'abc', 'node_modules', '.bin'), join('dlx', 'bin'), 'none'])(
    'is npx where the only pnpm, in %s, is gone afterwards',
    (name) => {
      const PATH = name === 'none' ? join(directory, 'none') : withPnpm(name);
      expect(calledAs({ ...script, PATH })).toBe('npx -y pnpm@12 spire');
      expect(calledAs(script)).toBe('npx -y pnpm@12 spire');
    },
  );
});

describe('asCalled', () => {
  it('rewrites commands, and nothing that merely says spire', () => {
    vi.stubEnv('npm_lifecycle_event', 'spire');
    vi.stubEnv('PATH', withPnpm('bin'));
    expect(asCalled('spire status')).toBe('pnpm spire status');
    expect(asCalled('Start it: spire local up')).toBe('Start it: pnpm spire local up');
    expect(asCalled('See `spire status`')).toBe('See `pnpm spire status`');
    expect(asCalled('To type spire alone')).toBe('To type spire alone');
    expect(asCalled('If you mean it: pnpm spire migrate up')).toBe(
      'If you mean it: pnpm spire migrate up',
    );
  });
});

describe('callerPath', () => {
  it('starts where pnpm was called, not where its script runs', () => {
    vi.stubEnv('INIT_CWD', '/somewhere else');
    expect(callerPath('a/b.yml')).toBe('/somewhere else/a/b.yml');
    expect(callerPath('/a/b.yml')).toBe('/a/b.yml');
  });
});
