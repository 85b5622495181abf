import { homedir } from 'node:os';
import { join } from 'node:path';
import { isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import {
  type ConfigDocument,
  environmentMap,
  findPair,
  keyOf,
  lineOf,
  readConfigDocument,
  resolveAlias,
  textOf,
} from './config-document.ts';
import { AccessError } from './errors.ts';

/** One setting of the file, with the line it stands on. */
export interface FileEntry {
  readonly value: string;
  readonly line: number;
}

/** What the config file says of one environment. */
export interface FileEnvironment {
  readonly entries: ReadonlyMap<string, FileEntry>;
  /** Spire's own key `protected`; undefined when it isn't there. */
  readonly protected: boolean | undefined;
  /** Spire's own key `contacts`. */
  readonly contacts: readonly string[];
}

/** The config file as a trusted value. Both of its shapes read the same. */
export interface ConfigFile {
  readonly path: string;
  readonly activeEnvironment: FileEntry | undefined;
  readonly environments: ReadonlyMap<string, FileEnvironment>;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** The directory of Spire's files: `SPIRE_CONFIG_DIR`, else `~/.spire`. */
export function configDirectory(variables: Variables): string {
  return variables.SPIRE_CONFIG_DIR || join(variables.HOME || homedir(), '.spire');
}

/** The path of the config file in a config directory. */
export function configPath(directory: string): string {
  return join(directory, 'config.yml');
}

/**
 * Reads a config file in either of its shapes: environments at the top level, or below
 * `environments` with an `active_env` beside it. A file that isn't there reads as an empty one.
 *
 * @throws AccessError `CONFIG_INVALID` (can't be read, not YAML, not a mapping, a key that may be a
 * misspelling of Spire's own), `CONFIG_INSECURE` (a symlink, or others may write it, or read it
 * though it holds secrets).
 */
export function loadConfigFile(path: string): ConfigFile {
  return readConfigFile(readConfigDocument(path));
}

/**
 * Reads a document that is already parsed.
 *
 * @throws AccessError `CONFIG_INVALID`.
 */
export function readConfigFile(document: ConfigDocument): ConfigFile {
  const environments = new Map<string, FileEnvironment>();
  for (const pair of environmentMap(document)?.items ?? []) {
    const section = resolveAlias(pair.value, document);
    const name = keyOf(pair);
    if (name && isMap(section)) environments.set(name, readEnvironment(section, document));
  }
  const active = document.root && findPair(document.root, 'active_env');
  return {
    path: document.path,
    activeEnvironment: active && entryOf(active, document),
    environments,
  };
}

function readEnvironment(section: YAMLMap, document: ConfigDocument): FileEnvironment {
  const pairs = pairsOf(section, document);
  const entries = new Map<string, FileEntry>();
  for (const [key, pair] of pairs) {
    requireSpelling(key, pair, document);
    const entry = entryOf(pair, document);
    if (entry) entries.set(key, entry);
  }
  const contacts = resolveAlias(pairs.get('contacts')?.value, document);
  return {
    entries,
    protected: readProtected(pairs.get('protected'), document),
    contacts: (isSeq(contacts) ? contacts.items : [contacts])
      .map((contact) => textOf(resolveAlias(contact, document)))
      .filter(Boolean),
  };
}

/** The pairs by their keys, and below them those of the sections that this one merges (`<<: *base`). */
function pairsOf(
  section: YAMLMap,
  document: ConfigDocument,
  outer: readonly YAMLMap[] = [],
): ReadonlyMap<string, Pair> {
  const within = [...outer, section];
  const bases = section.items
    .filter(isMerge)
    .map((pair) => resolveAlias(pair.value, document))
    .flatMap((node) => (isSeq(node) ? node.items : [node]))
    .map((node) => resolveAlias(node, document))
    .filter((node) => isMap(node))
    .filter((base) => !within.includes(base));
  const own = section.items.filter((pair) => !isMerge(pair));
  return new Map([
    // Of several, the first is the strongest.
    ...bases.reverse().flatMap((base) => [...pairsOf(base, document, within)]),
    ...own.map((pair): [string, Pair] => [keyOf(pair), pair]),
  ]);
}

function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<';
}

function entryOf(pair: Pair, document: ConfigDocument): FileEntry | undefined {
  const value = textOf(resolveAlias(pair.value, document));
  return value ? { value, line: lineOf(pair, document) } : undefined;
}

function readProtected(pair: Pair | undefined, document: ConfigDocument): boolean | undefined {
  if (!pair) return undefined;
  const node = resolveAlias(pair.value, document);
  if (isScalar(node) && typeof node.value === 'boolean') return node.value;
  const where = `${document.path}:${lineOf(pair, document)}`;
  throw new AccessError('CONFIG_INVALID', `${where}: "protected" has to be true or false.`);
}

/** A misspelt `protected` would protect nothing, and nobody would notice. */
function requireSpelling(key: string, pair: Pair, document: ConfigDocument): void {
  const meant = /^prot(?!oc)/i.test(key)
    ? 'protected'
    : /^contacts?$/i.test(key)
      ? 'contacts'
      : key;
  if (key === meant) return;
  const line = lineOf(pair, document);
  throw new AccessError('CONFIG_INVALID', `${document.path}:${line}: "${key}" isn't known.`, {
    suggestions: [`Write it as Spire does: ${meant}`],
  });
}
