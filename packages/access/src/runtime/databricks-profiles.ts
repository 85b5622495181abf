import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { AccessError } from '../errors.ts';

/** The file in which Databricks' own programs keep profiles. */
export interface DatabricksProfiles {
  readonly path: string;
  /** The keys and values of each profile; none when there is no file. */
  readonly profiles: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/**
 * Reads `DATABRICKS_CONFIG_FILE`, else `~/.databrickscfg`.
 *
 * @throws AccessError `RUNTIME_NOT_CONFIGURED` (it is there and can't be read).
 */
export function loadDatabricksProfiles(
  variables: Readonly<Record<string, string | undefined>>,
): DatabricksProfiles {
  const home = variables.HOME || homedir();
  const path = (variables.DATABRICKS_CONFIG_FILE || '~/.databrickscfg').replace(/^~(?=\/)/, home);
  try {
    return { path, profiles: parseProfiles(readFileSync(path, 'utf8')) };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { path, profiles: new Map() };
    throw new AccessError('RUNTIME_NOT_CONFIGURED', `${path} can't be read (${code}).`, { cause });
  }
}

/**
 * The sections of an INI file as Databricks' programs read it: names may hold dots, what comes before
 * the first section belongs to `DEFAULT`, and a comment within a line follows a space.
 */
export function parseProfiles(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const profiles = new Map<string, Map<string, string>>();
  let section = 'DEFAULT';
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const bare = line.replace(/(^|\s)[#;].*/, '').trim();
    const heading = /^\[(.+)\]$/.exec(bare)?.[1];
    const [, key, value] = /^([^=:]+)[=:](.*)$/.exec(bare) ?? [];
    if (heading) section = heading.trim();
    else if (key && value !== undefined) {
      const profile = profiles.get(section) ?? new Map();
      profiles.set(section, profile.set(key.trim(), value.trim()));
    }
  }
  return profiles;
}
