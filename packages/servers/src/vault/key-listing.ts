import type { Answer } from './engine.ts';

/** The names directly below a folder, as `LIST` answers them: folders end in a slash. */
export function listKeys(keys: Iterable<string>, folder: string): Answer | undefined {
  const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
  const names = new Set<string>();
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const rest = key.slice(prefix.length);
    const slash = rest.indexOf('/');
    names.add(slash < 0 ? rest : rest.slice(0, slash + 1));
  }
  return names.size === 0 ? undefined : { data: { keys: [...names].sort() } };
}
