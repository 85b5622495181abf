import { isDeepStrictEqual } from 'node:util';
import { isMap, parseDocument } from 'yaml';
import {
  type ConfigDocument,
  environmentMap,
  findPair,
  keyOf,
  lineOf,
  parseConfigDocument,
  readConfigDocument,
  resolveAlias,
} from './config-document.ts';
import { type ConfigFile, type FileEntry, readConfigFile } from './config-file.ts';
import { AccessError } from './errors.ts';
import { withFileLock } from './file-lock.ts';
import { writePrivateFile } from './private-file.ts';
import { putFirst, putValue, removeValue, startMapping } from './yaml-splice.ts';

/** One value that an edit means, and nothing else may become another. */
interface Change {
  /** The keys from the top level down to it. */
  readonly path: readonly string[];
  /** Undefined when it is to be removed. */
  readonly value: string | undefined;
  /** Where it is found by whoever reads the file. */
  readonly find: (config: ConfigFile) => FileEntry | undefined;
}

/**
 * Sets `active_env`, and changes nothing else of the file: comments, order and unknown keys stay.
 *
 * @throws AccessError as `setEntries` does.
 * @example
 * setActiveEnvironment('/home/ann/.spire/config.yml', 'development');
 */
export function setActiveEnvironment(path: string, name: string): void {
  const find = (config: ConfigFile) => config.activeEnvironment;
  edit(path, () => [{ path: ['active_env'], value: name, find }]);
}

/**
 * Sets values of one environment in one write, and changes nothing else of the file. An environment
 * that isn't there is added, in the shape that the file has.
 *
 * @throws AccessError `CONFIG_UNWRITABLE` (also when other values would become others, such as those
 * that stand for this one), `CONFIG_INVALID`, `CONFIG_INSECURE`.
 * @example
 * setEntries('/home/ann/.spire/config.yml', 'mine', new Map([['DB_HOSTNAME', 'db.example.com']]));
 */
export function setEntries(
  path: string,
  environment: string,
  entries: ReadonlyMap<string, string>,
): void {
  edit(path, (document) =>
    [...entries].map(([key, value]) => entryChange(document, environment, key, value)),
  );
}

/**
 * Removes a value of one environment with the lines that it stands on, and changes nothing else of
 * the file.
 *
 * @returns false when it isn't there.
 * @throws AccessError as `setEntries` does.
 * @example
 * removeEntry('/home/ann/.spire/config.yml', 'mine', 'VAULT_TOKEN');
 */
export function removeEntry(path: string, environment: string, key: string): boolean {
  return edit(path, (document) => {
    const change = entryChange(document, environment, key, undefined);
    return mayHave(document, change.path) ? [change] : [];
  });
}

function edit(path: string, plan: (document: ConfigDocument) => readonly Change[]): boolean {
  return withFileLock(path, () => {
    const document = readConfigDocument(path);
    readConfigFile(document);
    const changes = plan(document);
    const { source } = changes.reduce(apply, document);
    if (source !== document.source) writePrivateFile(path, source);
    return changes.length > 0;
  });
}

function entryChange(
  document: ConfigDocument,
  environment: string,
  key: string,
  value: string | undefined,
): Change {
  const isFlat =
    environmentMap(document) === document.root &&
    document.root?.items.some((pair) => !['active_env', 'environments'].includes(keyOf(pair)));
  return {
    path: isFlat ? [environment, key] : ['environments', environment, key],
    value,
    find: (config) => config.environments.get(environment)?.entries.get(key),
  };
}

/** The document after one change, in which everything else reads as it did. */
function apply(before: ConfigDocument, change: Change): ConfigDocument {
  const { path, value } = change;
  try {
    const source = splice(before, change);
    const after = source === undefined ? undefined : parseConfigDocument(before.path, source);
    if (after && isExactly(before, after, change)) return after;
  } catch {
    // What can't be read again isn't safe either. The reason may quote the file, and so a secret.
  }
  const where = `${before.path}:${nearestLine(before, path)}`;
  throw new AccessError('CONFIG_UNWRITABLE', `${where} can't be edited safely.`, {
    suggestions: [`${value === undefined ? 'Remove' : 'Set'} ${path.at(-1)} by hand.`],
  });
}

function splice({ source, root }: ConfigDocument, { path, value }: Change): string | undefined {
  const [first = '', ...below] = path;
  if (value === undefined) return root && removeValue(source, root, path);
  if (!root) return startMapping(source, path, value);
  // At the end, `active_env` would be hidden behind the environments.
  const isNew = below.length === 0 && !findPair(root, first);
  return isNew ? putFirst(source, root, first, value) : putValue(source, root, path, value);
}

function isExactly(before: ConfigDocument, after: ConfigDocument, change: Change): boolean {
  const { path, value, find } = change;
  const found = find(readConfigFile(after))?.value ?? '';
  return (
    found === (value ?? '') &&
    isDeepStrictEqual(treeOf(after), withValue(treeOf(before), path, value))
  );
}

/** All that a file says, as texts, with what its aliases and merges stand for. */
function treeOf({ source }: ConfigDocument): unknown {
  // Its warnings would be printed, and quote keys that are lists, and so what stands in them.
  const options = { schema: 'failsafe', merge: true, logLevel: 'error' } as const;
  const tree = parseDocument(source, options).toJS();
  // A section that has lost its last value is left as nothing, or as empty braces.
  return JSON.parse(JSON.stringify(tree, (_, node) => (isEmpty(node) ? '' : node)));
}

function withValue(
  tree: unknown,
  [key = '', ...below]: readonly string[],
  value: string | undefined,
): unknown {
  const { [key]: old, ...others } = asSection(tree);
  const inner = below.length > 0 ? withValue(old, below, value) : value;
  const section = inner === undefined ? others : { ...others, [key]: inner };
  return isEmpty(section) ? '' : section;
}

/** Whether a value is there, or the file says what has no meaning; then `apply` refuses to edit it. */
function mayHave(document: ConfigDocument, path: readonly string[]): boolean {
  try {
    const tree = treeOf(document);
    return path.reduce((node: unknown, key) => asSection(node)[key], tree) !== undefined;
  } catch {
    return true;
  }
}

function asSection(node: unknown): Record<string, unknown> {
  return typeof node === 'object' && node !== null ? { ...node } : {};
}

function isEmpty(node: unknown): boolean {
  return node === null || (typeof node === 'object' && Object.keys(node).length === 0);
}

function nearestLine(document: ConfigDocument, path: readonly string[]): number {
  let node: unknown = document.root;
  let line = 1;
  for (const key of path) {
    const pair = isMap(node) ? findPair(node, key) : undefined;
    if (!pair) break;
    line = lineOf(pair, document);
    node = resolveAlias(pair.value, document);
  }
  return line;
}
