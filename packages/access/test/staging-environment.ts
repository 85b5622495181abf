import { type ResolvedEnvironment, resolveEnvironment } from '../src/index.ts';

/** The environment `staging`, of which a config file says this and nothing else. */
export function stagingEnvironment(texts: Readonly<Record<string, string>>): ResolvedEnvironment {
  const entries = Object.entries(texts).map(
    ([name, value], index) => [name, { value, line: index + 2 }] as const,
  );
  const section = {
    entries: new Map(entries),
    protected: undefined,
    contacts: ['ann@example.com'],
  };
  const environments = new Map([['staging', section]]);
  const config = { path: 'config.yml', activeEnvironment: undefined, environments };
  return resolveEnvironment({ environment: 'staging', variables: {}, config, local: undefined });
}
