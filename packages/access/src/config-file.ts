import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type Scalar,
  stringify,
  visit,
  type YAMLMap,
} from 'yaml';
import { AccessError } from './errors.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

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
 * @throws AccessError `CONFIG_INVALID` (can't be read, not YAML, not a mapping), `CONFIG_INSECURE`
 * (a symlink, or readable by others though it holds secrets).
 */
export function loadConfigFile(path: string): ConfigFile {
  const { root, lines } = readConfig(path);
  const environments = new Map<string, FileEnvironment>();
  if (!root) return { path, activeEnvironment: undefined, environments };
  const activeEnvironment = entryOf(findPair(root, 'active_env'), lines);
  for (const pair of environmentMap(root).items) {
    const name = isScalar(pair.key) ? String(pair.key.value) : '';
    if (name && isMap(pair.value)) environments.set(name, readEnvironment(path, pair.value, lines));
  }
  return { path, activeEnvironment, environments };
}

/**
 * Sets `active_env`, and changes nothing else of the file: comments, order and unknown keys stay.
 *
 * @throws AccessError `CONFIG_UNWRITABLE`, `CONFIG_INVALID`, `CONFIG_INSECURE`.
 */
export function setActiveEnvironment(path: string, name: string): void {
  const { source, root } = readConfig(path);
  // YAML 1.1 quotes more, such as `yes`: the former CLI reads this file too.
  const edited = withActiveEnvironment(source, root, stringify(name, { version: '1.1' }).trimEnd());
  parse(path, edited);
  writePrivateFile(path, edited);
}

/** Text is spliced, not printed anew: printing would touch lines that nobody meant. */
function withActiveEnvironment(source: string, root: YAMLMap | undefined, name: string): string {
  const splice = (from: number, to: number, text: string) =>
    source.slice(0, from) + text + source.slice(to);
  const newline = source.includes('\r\n') ? '\r\n' : '\n';
  if (!root) {
    const end = source === '' || source.endsWith('\n') ? '' : newline;
    return `${source}${end}active_env: ${name}${newline}`;
  }
  const pair = findPair(root, 'active_env');
  const [from, to] = (isNode(pair?.value) && pair.value.range) || [];
  if (pair && from !== undefined && to !== undefined) {
    // An empty value lies behind the spaces that separate the colon from a comment.
    const colon = source.indexOf(':', (pair.key as Scalar).range?.[1]) + 1;
    if (from === to) return splice(colon, colon, ` ${name}`);
    return splice(from, from + source.slice(from, to).trimEnd().length, name);
  }
  const start = root.range?.[0] ?? 0;
  if (root.flow) return splice(start + 1, start + 1, `active_env: ${name}, `);
  const indentation = /[ \t]*$/.exec(source.slice(0, start))?.[0] ?? '';
  return splice(start, start, `active_env: ${name}${newline}${indentation}`);
}

interface Parsed {
  readonly source: string;
  /** Undefined when the file is empty. */
  readonly root: YAMLMap | undefined;
  readonly lines: LineCounter;
}

function parse(path: string, source: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const problem = document.errors[0];
  if (problem) {
    const line = lines.linePos(problem.pos[0]).line;
    // The code alone: the message may quote the file, and so a secret.
    const reason = problem.code.toLowerCase().replaceAll('_', ' ');
    throw new AccessError('CONFIG_INVALID', `${path}:${line} isn't valid YAML.`, {
      suggestions: [`Correct line ${line} (${reason}).`],
    });
  }
  const root = document.contents;
  if (isMap(root)) return { source, root, lines };
  if (root === null || (isScalar(root) && root.value === null)) {
    return { source, root: undefined, lines };
  }
  throw new AccessError('CONFIG_INVALID', `${path} isn't a mapping of environments.`, {
    suggestions: ['Expected is a line such as "development:" with its values indented below.'],
  });
}

function environmentMap(root: YAMLMap): YAMLMap {
  const below = findPair(root, 'environments')?.value;
  return isMap(below) ? below : root;
}

function findPair(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === name);
}

/** The source text, so that a password of digits or `yes` stays what was written. */
function textOf(node: unknown): string {
  // The former CLI wrote empty strings for values not given.
  if (!isScalar(node) || node.value === null) return '';
  return typeof node.value === 'string' ? node.value : (node.source ?? '');
}

function entryOf(pair: Pair | undefined, lines: LineCounter): FileEntry | undefined {
  const value = textOf(pair?.value);
  return pair && value ? { value, line: lineOf(pair, lines) } : undefined;
}

function lineOf(pair: Pair, lines: LineCounter): number {
  return lines.linePos((isScalar(pair.key) && pair.key.range?.[0]) || 0).line;
}

function readEnvironment(path: string, map: YAMLMap, lines: LineCounter): FileEnvironment {
  const entries = new Map<string, FileEntry>();
  for (const pair of map.items) {
    const entry = entryOf(pair, lines);
    if (entry && isScalar(pair.key)) entries.set(String(pair.key.value), entry);
  }
  const flag = findPair(map, 'protected');
  const isProtected = isScalar(flag?.value) ? flag.value.value : undefined;
  if (flag && typeof isProtected !== 'boolean') {
    const message = `${path}:${lineOf(flag, lines)}: "protected" has to be true or false.`;
    throw new AccessError('CONFIG_INVALID', message);
  }
  const contacts = findPair(map, 'contacts')?.value;
  return {
    entries,
    protected: typeof isProtected === 'boolean' ? isProtected : undefined,
    contacts: (isSeq(contacts) ? contacts.items : [contacts]).map(textOf).filter(Boolean),
  };
}

/** Reads a file that may hold secrets. */
function readConfig(path: string): Parsed {
  const file = readPrivateFile(path);
  const parsed = parse(path, file?.text ?? '');
  if (file && !file.isPrivate && holdsSecrets(parsed)) {
    throw new AccessError('CONFIG_INSECURE', `${path} holds secrets and other users may read it.`, {
      suggestions: [`chmod 600 '${path}'`],
    });
  }
  return parsed;
}

/** Whether a token or password has a value, or had one in a line that is now a comment. */
function holdsSecrets({ root, source }: Parsed): boolean {
  let found = /#.*(TOKEN|PASSWORD)['"]?[ \t]*:[ \t]*['"]?[^\s'"]/.test(source);
  visit(root ?? null, (_, node) => {
    if (!isPair(node) || !isScalar(node.key)) return;
    if (!/(TOKEN|PASSWORD)$/.test(String(node.key.value))) return;
    found ||= isAlias(node.value) || textOf(node.value) !== '';
  });
  return found;
}
