import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import { AccessError } from './errors.ts';
import { readPrivateFile } from './private-file.ts';

/** The config file as YAML: what is read and what is edited. */
export interface ConfigDocument {
  readonly path: string;
  readonly source: string;
  /** Undefined when the file is empty. */
  readonly root: YAMLMap | undefined;
  readonly yaml: Document;
  readonly lines: LineCounter;
}

/**
 * Reads the file, which may hold secrets. One that isn't there reads as an empty one.
 *
 * @throws AccessError `CONFIG_INVALID`, `CONFIG_INSECURE`.
 */
export function readConfigDocument(path: string): ConfigDocument {
  const file = readPrivateFile(path);
  const document = parseConfigDocument(path, file?.text ?? '');
  if (file && !file.isPrivate && holdsSecrets(document)) {
    throw new AccessError('CONFIG_INSECURE', `${path} holds secrets and other users may read it.`, {
      suggestions: [`chmod 600 '${path}'`],
    });
  }
  return document;
}

/**
 * Parses what the file says, or is about to say.
 *
 * @throws AccessError `CONFIG_INVALID` (not YAML, not a mapping).
 */
export function parseConfigDocument(path: string, source: string): ConfigDocument {
  const lines = new LineCounter();
  const yaml = parseDocument(source, { lineCounter: lines });
  const problem = yaml.errors[0];
  if (problem) {
    const line = lines.linePos(problem.pos[0]).line;
    // The code alone: the message may quote the file, and so a secret.
    const reason = problem.code.toLowerCase().replaceAll('_', ' ');
    throw new AccessError('CONFIG_INVALID', `${path}:${line} isn't valid YAML.`, {
      suggestions: [`Correct line ${line} (${reason}).`],
    });
  }
  const root = yaml.contents;
  if (isMap(root)) return { path, source, root, yaml, lines };
  if (root === null || (isScalar(root) && root.value === null)) {
    return { path, source, root: undefined, yaml, lines };
  }
  throw new AccessError('CONFIG_INVALID', `${path} isn't a mapping of environments.`, {
    suggestions: ['Expected is a line such as "development:" with its values indented below.'],
  });
}

/** The mapping of the environments: what is below `environments`, or the top level itself. */
export function environmentMap(document: ConfigDocument): YAMLMap | undefined {
  const { root } = document;
  const below = root && resolveAlias(findPair(root, 'environments')?.value, document);
  return isMap(below) ? below : root;
}

/** Of a mapping's own pairs, the one with this key. */
export function findPair(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => keyOf(pair) === key);
}

/** A key as text; empty for one that is a list or a mapping. */
export function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

/** The line that a pair begins on. */
export function lineOf(pair: Pair, { lines }: ConfigDocument): number {
  return lines.linePos((isScalar(pair.key) && pair.key.range?.[0]) || 0).line;
}

/** What a node says; of an alias (`*name`), what it stands for. */
export function resolveAlias(node: unknown, { yaml }: ConfigDocument): unknown {
  return isAlias(node) ? node.resolve(yaml) : node;
}

/** The source text, so that a password of digits or `yes` stays what was written. */
export function textOf(node: unknown): string {
  // The former CLI wrote empty strings for values not given.
  if (!isScalar(node) || node.value === null) return '';
  return typeof node.value === 'string' ? node.value : (node.source ?? '');
}

/** Whether a token or password has a value, or had one in a line that is now a comment. */
function holdsSecrets({ root, source }: ConfigDocument): boolean {
  let found = /#.*(TOKEN|PASSWORD)['"]?[ \t]*:[ \t]*['"]?[^\s'"]/.test(source);
  visit(root ?? null, (_, node) => {
    if (!isPair(node) || !/(TOKEN|PASSWORD)$/.test(keyOf(node))) return;
    found ||= isAlias(node.value) || textOf(node.value) !== '';
  });
  return found;
}
