import { describe, expect, it } from 'vitest';
import type { ConfigFile } from './config-file.ts';
import { selectEnvironment } from './select-environment.ts';

const file = (active?: string): ConfigFile => ({
  path: 'config.yml',
  activeEnvironment: active ? { value: active, line: 1 } : undefined,
  environments: new Map(),
});

const select = (
  environment: string | undefined,
  variables: Record<string, string>,
  active?: string,
  local = true,
) =>
  selectEnvironment({
    environment,
    variables,
    config: file(active),
    local: local ? file() : undefined,
  });

const all = { SPIRE_ENVIRONMENT: 'staging', DEPLOYMENT_ENV: 'development' };

describe('the environment', () => {
  it.each([
    ['the flag', select('production', all, 'development'), 'production'],
    ['SPIRE_ENVIRONMENT', select(undefined, all, 'local'), 'staging'],
    [
      'DEPLOYMENT_ENV',
      select(undefined, { DEPLOYMENT_ENV: 'development' }, 'staging'),
      'development',
    ],
    ['active_env', select(undefined, {}, 'staging'), 'staging'],
    ['local, where nothing is said', select(undefined, {}), 'local'],
  ])('is chosen by %s', (_, selection, name) => {
    expect(selection.name).toBe(name);
  });

  it('is never production by a file', () => {
    expect(() => select(undefined, {}, 'production')).toThrow(
      expect.objectContaining({ code: 'PRODUCTION_NOT_DEFAULT' }),
    );
  });

  it('has to be named when nothing chooses it', () => {
    expect(() => select(undefined, {}, undefined, false)).toThrow(
      expect.objectContaining({ code: 'ENVIRONMENT_REQUIRED' }),
    );
  });

  it('has to be known', () => {
    expect(() => select('prod', {})).toThrow(
      expect.objectContaining({
        code: 'ENVIRONMENT_UNKNOWN',
        suggestions: ['Known are: production, staging, development, local'],
      }),
    );
  });
});
