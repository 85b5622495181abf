import { describe, expect, test } from 'vitest';
import { accessRules, ROOT_RULES } from './access-rules.ts';
import { parsePolicy } from './policy-document.ts';

/** Policies written short: `{'a/*': 'read list'}`. */
function rules(...policies: readonly Record<string, string>[]) {
  const documents = policies.map((policy) => {
    const paths = Object.entries(policy).map(([path, words]) => [
      path,
      { capabilities: words.split(' ') },
    ]);
    return JSON.stringify({ path: Object.fromEntries(paths) });
  });
  return accessRules(documents.flatMap(parsePolicy));
}

describe('a pattern matches', () => {
  test.each([
    ['a/b', 'a/b', true],
    ['a/b', 'a/bc', false],
    ['a/b', 'a/b/c', false],
    ['/a/b', 'a/b', true],
    ['a/*', 'a/b', true],
    ['a/*', 'a/b/c', true],
    ['a/*', 'a/', true],
    ['a/*', 'a', false],
    ['a/b*', 'a/bc/d', true],
    ['*', 'anything/at/all', true],
    ['a*b', 'axb', false],
    ['a*b', 'a*b', true],
    ['a/+/c', 'a/b/c', true],
    ['a/+/c', 'a/b/b/c', false],
    ['a/+/c', 'a/b/c/d', false],
    ['a/+', 'a/b', true],
    ['+', 'a', true],
    ['+', 'a/b', false],
    ['+/b', 'a/b', true],
    ['a/+/c/*', 'a/b/c/d/e', true],
    ['a/+/c/*', 'a/b/c', false],
    ['a/+/c*', 'a/b/cd/e', true],
    ['a/b+/c', 'a/bx/c', false],
    ['a/b+/c', 'a/b+/c', true],
  ])('%s, %s: %s', (pattern, path, expected) => {
    expect(rules({ [pattern]: 'read' }).allows('read', path)).toBe(expected);
  });
});

// Each of these says where the winner is by giving it `read` and the others something else.
describe('of several patterns the most specific one decides alone', () => {
  test.each<[string, Record<string, string>, string]>([
    ['exact before prefix', { 'a/b': 'read', 'a/*': 'list', 'a/b*': 'list' }, 'a/b'],
    ['exact before segment', { 'a/b': 'read', 'a/+': 'list' }, 'a/b'],
    ['the longer prefix', { 'a/*': 'list', 'a/b/*': 'read' }, 'a/b/c'],
    ['a later first wildcard', { '+/b/c': 'list', 'a/+/c': 'read' }, 'a/b/c'],
    ['a later prefix than segment', { 'a/+/c': 'list', 'a/b/*': 'read' }, 'a/b/c'],
    ['no * at the end', { 'a/+/c': 'read', 'a/+/*': 'list' }, 'a/b/c'],
    ['no * at the end, for more + too', { 'a/+/+': 'read', 'a/+/*': 'list' }, 'a/b/c'],
    ['fewer + segments', { 'a/*': 'read', 'a/+/+/d/*': 'list' }, 'a/b/c/d/e'],
    ['fewer + segments, no *', { 'a/+/+': 'list', 'a/+/c': 'read' }, 'a/b/c'],
    ['the longer one', { 'a/+/c*': 'list', 'a/+/cd*': 'read' }, 'a/b/cde'],
    [
      'the longer one, though smaller',
      { 'a/+/b/+/*': 'list', 'a/+/+/bc/d*': 'read' },
      'a/x/b/bc/de',
    ],
    ['the greater one', { 'a/+/+/c/d': 'list', 'a/+/b/+/d': 'read' }, 'a/x/b/c/d'],
  ])('%s', (_name, policy, path) => {
    const turned = Object.fromEntries(Object.entries(policy).reverse());
    for (const given of [policy, turned]) {
      expect(rules(given).capabilities(path)).toEqual(['read']);
    }
  });
});

describe('several policies', () => {
  test('the same pattern gives the union', () => {
    const both = rules({ 'a/*': 'read' }, { 'a/*': 'list update' });
    expect(both.capabilities('a/b')).toEqual(['list', 'read', 'update']);
  });
  test('deny wins in the same pattern, in whichever order', () => {
    const [allow, deny] = [{ 'a/*': 'read sudo' }, { 'a/*': 'deny' }];
    expect(rules(allow, deny).allows('read', 'a/b')).toBe(false);
    expect(rules(deny, allow).capabilities('a/b')).toEqual(['deny']);
  });
  test('a deny further up does not forbid what is granted further down', () => {
    expect(rules({ 'a/*': 'deny' }, { 'a/b/*': 'read' }).allows('read', 'a/b/c')).toBe(true);
    expect(rules({ 'a/*': 'read' }, { 'a/b/*': 'deny' }).allows('read', 'a/b/c')).toBe(false);
  });
  test('nothing is allowed without a policy, everything to root', () => {
    expect(rules().capabilities('a')).toEqual(['deny']);
    expect(rules({ a: 'read' }).allows('update', 'a')).toBe(false);
    expect(ROOT_RULES.allows('sudo', 'a')).toBe(true);
  });
});

describe('listing a folder', () => {
  test.each([
    ['a/b/', true],
    ['a/b', true],
    ['a/*', true],
    ['a/b/*', true],
    ['a/+', true],
    ['a', false],
    ['a/b/c', false],
  ])('%s allows a/b/: %s', (pattern, expected) => {
    expect(rules({ [pattern]: 'list' }).allows('list', 'a/b/')).toBe(expected);
  });
});

describe('a mount is reached', () => {
  test.each([
    [{ 'kv/data/a': 'read' }, true],
    [{ 'kv/*': 'list' }, true],
    [{ '*': 'read' }, true],
    [{ 'k*': 'read' }, true],
    [{ '+/data/a': 'read' }, true],
    [{ 'kv/data/a': 'deny' }, false],
    [{ 'kv2/data/a': 'read' }, false],
    [{ 'k/*': 'read' }, false],
    [{}, false],
  ])('%j: %s', (policy, expected) => {
    expect(rules(policy as Record<string, string>).reaches('kv/')).toBe(expected);
  });
});
