import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { findPair } from './config-document.ts';
import { yamlScalar } from './yaml-scalar.ts';

// Text is spliced, not printed anew: printing would touch lines that nobody meant. Where this gives
// up it answers undefined; where it errs, as YAML has many forms, whoever calls finds out by reading
// the text again.

/**
 * Puts a value below a mapping: in place of the old one, or behind the last one of its section.
 * Sections that aren't there are made.
 *
 * @param path the keys from the mapping down to the value.
 */
export function putValue(
  source: string,
  map: YAMLMap,
  path: readonly string[],
  value: string,
): string | undefined {
  const [key = '', ...below] = path;
  const pair = findPair(map, key);
  if (!pair) return add(source, map, path, value);
  if (below.length === 0) return replaceValue(source, pair, yamlScalar(value));
  if (isMap(pair.value)) return putValue(source, pair.value, below, value);
  if (!isScalar(pair.value) || pair.value.value !== null) return undefined;
  if (map.flow || pair.value.source) return replaceValue(source, pair, inBraces(below, value));
  const indentation = indentationOf(source, map);
  const width = widthOf(source, map);
  const lines = asLines(source, below, value, indentation + width, width);
  return insertLines(source, lineEnd(source, endOf(source, pair)), lines);
}

/** Puts a new value before the first one of a mapping; in braces, behind the last one. */
export function putFirst(
  source: string,
  map: YAMLMap,
  key: string,
  value: string,
): string | undefined {
  if (map.flow) return add(source, map, [key], value);
  const start = map.range?.[0] ?? 0;
  const lines = asLines(source, [key], value, '', '');
  return splice(source, start, start, `${lines}${newlineOf(source)}${indentationOf(source, map)}`);
}

/** Starts a mapping in a text that has none, or comments alone. */
export function startMapping(source: string, path: readonly string[], value: string): string {
  return insertLines(source, source.length, asLines(source, path, value, '', '  '));
}

/** Takes a value out from below a mapping, with the lines that it stands on. */
export function removeValue(
  source: string,
  map: YAMLMap,
  [key = '', ...below]: readonly string[],
): string | undefined {
  const pair = findPair(map, key);
  if (!pair) return undefined;
  if (below.length > 0) {
    return isMap(pair.value) ? removeValue(source, pair.value, below) : undefined;
  }
  if (map.flow) return removeFromBraces(source, map, pair);
  const from = source.lastIndexOf('\n', startOf(pair)) + 1;
  return splice(source, from, lineEnd(source, endOf(source, pair)), '');
}

function replaceValue(source: string, { key, value }: Pair, text: string): string | undefined {
  const [from, to] = (isNode(value) && value.range) || [];
  if (from === undefined || to === undefined || !mayBecomeText(value)) return undefined;
  if (from === to) {
    // An empty value may lie behind the spaces that separate the colon from a comment.
    const colon = source.indexOf(':', isNode(key) ? key.range?.[1] : 0) + 1;
    return splice(source, colon, colon, ` ${text}`);
  }
  const old = source.slice(from, to).trimEnd();
  const comment = /^[|>]\S*([ \t]+#[^\r\n]*)/.exec(old)?.[1] ?? '';
  return splice(source, from, from + old.length, text + comment);
}

/** A tag such as `!!int` stands before the value, and would stay. */
function mayBecomeText(value: unknown): boolean {
  return isAlias(value) || (isScalar(value) && (!value.tag || value.tag.endsWith(':str')));
}

/** Behind the last value of a mapping. */
function add(source: string, map: YAMLMap, path: readonly string[], value: string): string {
  const last = map.items.at(-1);
  const end = last ? endOf(source, last) : (map.range?.[0] ?? 0) + 1;
  if (map.flow) {
    const [key = '', ...below] = path;
    const text = `${yamlScalar(key)}: ${inBraces(below, value)}`;
    return splice(source, end, end, last ? `, ${text}` : text);
  }
  const indentation = indentationOf(source, map);
  const lines = asLines(source, path, value, indentation, widthOf(source, map));
  return insertLines(source, skipComments(source, lineEnd(source, end), indentation), lines);
}

/** Comments that are indented as a section is belong to it. */
function skipComments(source: string, at: number, indentation: string): number {
  const line = `(?:[ \\t]*\\r?\\n)*${indentation}[ \\t]*#[^\\n]*(?:\\n|$)`;
  const comments = new RegExp(`(?:${line})*`, 'y');
  comments.lastIndex = at;
  return at + (comments.exec(source)?.[0].length ?? 0);
}

function removeFromBraces(source: string, map: YAMLMap, pair: Pair): string | undefined {
  const index = map.items.indexOf(pair);
  const before = map.items[index - 1];
  const [from, to] = [startOf(pair), endOf(source, pair)];
  const comma = /^\s*,[ \t]*/.exec(source.slice(to))?.[0];
  if (comma !== undefined) return splice(source, from, to + comma.length, '');
  if (!before) return splice(source, from, to, '');
  const previous = endOf(source, before);
  return /^\s*,\s*$/.test(source.slice(previous, from))
    ? splice(source, previous, to, '')
    : undefined;
}

function asLines(
  source: string,
  path: readonly string[],
  value: string,
  indentation: string,
  width: string,
): string {
  const keys = path.map((key, depth) => `${indentation}${width.repeat(depth)}${yamlScalar(key)}:`);
  return `${keys.join(newlineOf(source))} ${yamlScalar(value)}`;
}

function inBraces(path: readonly string[], value: string): string {
  return path.reduceRight((inner, key) => `{${yamlScalar(key)}: ${inner}}`, yamlScalar(value));
}

/** A last line without an end gets one, and the new one stays without. */
function insertLines(source: string, at: number, lines: string): string {
  const newline = newlineOf(source);
  const isOpen = at > 0 && source[at - 1] !== '\n';
  return splice(source, at, at, isOpen ? `${newline}${lines}` : `${lines}${newline}`);
}

function splice(source: string, from: number, to: number, text: string): string {
  return source.slice(0, from) + text + source.slice(to);
}

function newlineOf(source: string): string {
  return source.includes('\r\n') ? '\r\n' : '\n';
}

/** Where the next line begins; a block (`|`) ends there already. */
function lineEnd(source: string, at: number): number {
  if (source[at - 1] === '\n') return at;
  const newline = source.indexOf('\n', at);
  return newline < 0 ? source.length : newline + 1;
}

function startOf({ key }: Pair): number {
  return (isNode(key) && key.range?.[0]) || 0;
}

/** Where the last of what a pair says ends, before the comment behind it. */
function endOf(source: string, { key, value }: Pair): number {
  const last = isCollection(value) && !value.flow ? value.items.at(-1) : undefined;
  if (isPair(last)) return endOf(source, last);
  const node = last ?? value;
  const [from, to] = (isNode(node) && node.range) || [];
  if (from !== undefined && to !== undefined && from < to) return to;
  const end = (isNode(key) && key.range?.[1]) || 0;
  return source.indexOf(':', end) === end ? end + 1 : end;
}

function indentationOf(source: string, map: YAMLMap): string {
  const start = map.items[0] ? startOf(map.items[0]) : 0;
  return /^[ \t]*/.exec(source.slice(source.lastIndexOf('\n', start) + 1, start))?.[0] ?? '';
}

/** How much deeper the sections of a mapping are indented than it is itself. */
function widthOf(source: string, map: YAMLMap): string {
  const own = indentationOf(source, map);
  const section = map.items.map(({ value }) => value).find((value) => isMap(value) && !value.flow);
  return isMap(section) ? indentationOf(source, section).slice(own.length) : own || '  ';
}
