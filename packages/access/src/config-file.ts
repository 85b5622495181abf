import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type Document,
  isMap,
  isScalar,
  LineCounter,
  type Pair,
  parseDocument,
  YAMLMap,
} from 'yaml';
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
 * @throws AccessError `CONFIG_INVALID` (not YAML, not a mapping), `CONFIG_INSECURE` (a symlink, or
 * readable by others though it holds secrets).
 */
export function loadConfigFile(path: string): ConfigFile {
  const source = readPrivateFile(path);
  if (source === undefined) return { path, activeEnvironment: undefined, environments: new Map() };
  const { document, lines } = parse(path, source);
  const root = document.contents;
  const environments = new Map<string, FileEnvironment>();
  let activeEnvironment: FileEntry | undefined;
  if (isMap(root)) {
    activeEnvironment = entryOf(findPair(root, 'active_env'), lines);
    for (const pair of environmentMap(root).items) {
      const name = isScalar(pair.key) ? String(pair.key.value) : '';
      if (name && isMap(pair.value))
        environments.set(name, readEnvironment(path, pair.value, lines));
    }
  }
  return { path, activeEnvironment, environments };
}

/**
 * Sets `active_env`, and changes nothing else of the file: comments, order and unknown keys stay.
 *
 * @throws AccessError `CONFIG_UNWRITABLE`, `CONFIG_INVALID`, `CONFIG_INSECURE`.
 */
export function setActiveEnvironment(path: string, name: string): void {
  const source = readPrivateFile(path) ?? '';
  const { document } = parse(path, source);
  const pair = isMap(document.contents) ? findPair(document.contents, 'active_env') : undefined;
  const range = isScalar(pair?.value) ? pair.value.range : undefined;
  const written = /^[a-z][\w-]*$/i.test(name) ? name : JSON.stringify(name);
  // Text is spliced, not printed anew: printing would touch lines that nobody meant.
  const empty = range && range[0] === range[1];
  const edited = range
    ? `${source.slice(0, range[0])}${empty ? ' ' : ''}${written}${source.slice(range[1])}`
    : `${documentStart(source)}active_env: ${written}\n${source.slice(documentStart(source).length)}`;
  parse(path, edited);
  writePrivateFile(path, edited);
}

function documentStart(source: string): string {
  return /^(?:[ \t]*(?:#.*|%.*)?\r?\n)*---[ \t]*\r?\n/.exec(source)?.[0] ?? '';
}

function parse(path: string, source: string): { document: Document; lines: LineCounter } {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const problem = document.errors[0];
  if (problem) {
    const line = lines.linePos(problem.pos[0]).line;
    throw new AccessError('CONFIG_INVALID', `${path}:${line} isn't valid YAML.`, {
      suggestions: [`Correct line ${line}: ${reasonOf(problem.message)}`],
    });
  }
  const root = document.contents;
  if (root !== null && !isMap(root) && !(isScalar(root) && root.value === null)) {
    throw new AccessError('CONFIG_INVALID', `${path} isn't a mapping of environments.`, {
      suggestions: ['Expected is a line such as "development:" with its values indented below.'],
    });
  }
  return { document, lines };
}

/** The first line only: the following ones quote the file, which may hold a secret. */
function reasonOf(message: string): string {
  return message.split('\n')[0]?.replace(/ at line.*$/, '') ?? '';
}

function environmentMap(root: YAMLMap): YAMLMap {
  const below = findPair(root, 'environments')?.value;
  return isMap(below) ? below : root;
}

function findPair(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === name);
}

function entryOf(pair: Pair | undefined, lines: LineCounter): FileEntry | undefined {
  if (!pair || !isScalar(pair.value) || !isScalar(pair.key)) return undefined;
  // The source text, so that a password of digits or `yes` stays what was written.
  const value = typeof pair.value.value === 'string' ? pair.value.value : (pair.value.source ?? '');
  // The former CLI wrote empty strings for values not given.
  if (value === '' || pair.value.value === null) return undefined;
  return { value, line: lines.linePos(pair.key.range?.[0] ?? 0).line };
}

function readEnvironment(path: string, map: YAMLMap, lines: LineCounter): FileEnvironment {
  const entries = new Map<string, FileEntry>();
  for (const pair of map.items) {
    const entry = entryOf(pair as Pair, lines);
    if (entry && isScalar(pair.key)) entries.set(String(pair.key.value), entry);
  }
  const flag = findPair(map, 'protected')?.value;
  if (flag !== undefined && !(isScalar(flag) && typeof flag.value === 'boolean')) {
    const line = lines.linePos(map.range?.[0] ?? 0).line;
    throw new AccessError(
      'CONFIG_INVALID',
      `${path}:${line}: "protected" has to be true or false.`,
    );
  }
  const contacts = map.get('contacts', false);
  const listed: unknown =
    contacts instanceof YAMLMap ? [] : JSON.parse(JSON.stringify(contacts ?? []));
  return {
    entries,
    protected: isScalar(flag) ? (flag.value as boolean) : undefined,
    contacts: (Array.isArray(listed) ? listed : [listed]).map(String),
  };
}

/** Reads a file that may hold secrets; undefined when it isn't there. */
function readPrivateFile(path: string): string | undefined {
  let mode: number;
  try {
    const status = lstatSync(path);
    if (status.isSymbolicLink()) {
      throw new AccessError('CONFIG_INSECURE', `${path} is a symbolic link.`, {
        suggestions: ['Put the file itself in its place: Spire keeps secrets there.'],
      });
    }
    mode = status.mode;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const source = readFileSync(path, 'utf8');
  if ((mode & 0o077) !== 0 && /(TOKEN|PASSWORD)['"]?[ \t]*:[ \t]*['"]?[^\s'"]/.test(source)) {
    throw new AccessError('CONFIG_INSECURE', `${path} holds secrets and other users may read it.`, {
      suggestions: [`chmod 600 '${path}'`],
    });
  }
  return source;
}

/**
 * Writes a file that only its owner may read, in one step: a reader sees the old one or the new one.
 *
 * @throws AccessError `CONFIG_UNWRITABLE`.
 */
export function writePrivateFile(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, content, { mode: 0o600, flag: 'wx' });
    chmodSync(temporary, 0o600);
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new AccessError('CONFIG_UNWRITABLE', `${path} can't be written.`, {
      suggestions: [
        `Give yourself write permission on ${dirname(path)}.`,
        'Or name another directory in SPIRE_CONFIG_DIR.',
      ],
      cause,
    });
  }
}
