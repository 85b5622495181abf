import { describe, expect, test } from 'vitest';
import { parsePolicy } from './policy-document.ts';

const parsed = (text: string) =>
  parsePolicy(text).map(({ pattern, capabilities }) => [pattern, [...capabilities].sort()]);

describe('a policy is read', () => {
  test.each<[string, string, unknown[]]>([
    ['nothing', '', []],
    ['HCL', 'path "a/*" { capabilities = ["read", "list"] }', [['a/*', ['list', 'read']]]],
    ['HCL on one line', 'path "a"{capabilities=["read"]}', [['a', ['read']]]],
    ['a comma at the end', 'path "a" { capabilities = ["read",] }', [['a', ['read']]]],
    ['quoted keys', '"path" "a" { "capabilities" = ["read"] }', [['a', ['read']]]],
    ['an equals sign', 'path "a" = { capabilities = ["read"] }', [['a', ['read']]]],
    [
      'comments',
      '# one\n// two\n/* three\n } */ path "a" { # four\n capabilities = ["read"] // five\n}',
      [['a', ['read']]],
    ],
    ['a # in a path', 'path "a#b" { capabilities = ["read"] }', [['a#b', ['read']]]],
    ['escapes', 'path "a\\"b" { capabilities = ["read"] }', [['a"b', ['read']]]],
    ['a name and a comment', 'name = "x"\npath "a" { comment = "y" }', [['a', []]]],
    [
      'two blocks',
      'path "a" { capabilities = ["read"] }\npath "b" { capabilities = ["sudo"] }',
      [
        ['a', ['read']],
        ['b', ['sudo']],
      ],
    ],
    ['deny alone', 'path "a" { capabilities = ["read", "deny"] }', [['a', ['deny']]]],
    [
      'the old words',
      'path "a" { policy = "read" }\npath "b" { policy = "deny" }',
      [
        ['a', ['list', 'read']],
        ['b', ['deny']],
      ],
    ],
    ['JSON', '{"path": {"a": {"capabilities": ["read"]}}}', [['a', ['read']]]],
    ['JSON lists', ' {"path": [{"a": {"capabilities": ["read"]}}]}', [['a', ['read']]]],
    ['a slash in front', 'path "/a" { capabilities = ["read"] }', [['a', ['read']]]],
  ])('%s', (_name, text, rules) => {
    expect(parsed(text)).toEqual(rules);
  });
});

describe('a policy is refused', () => {
  test.each([
    ['an open block', 'path "a" { capabilities = ["read"]', 'unexpected end'],
    ['an open list', 'path "a" { capabilities = ["read" }', 'expected ,'],
    ['no path', 'path { capabilities = ["read"] }', 'expected a path'],
    ['another key', 'paths "a" { capabilities = ["read"] }', 'invalid key "paths"'],
    [
      'an unknown capability',
      'path "a" { capabilities = ["write"] }',
      'invalid capability "write"',
    ],
    ['a text for a list', 'path "a" { capabilities = "read" }', 'must be a list'],
    ['an unknown old word', 'path "a" { policy = "all" }', 'invalid policy'],
    ['+*', 'path "a/+*" { capabilities = ["read"] }', "'+*' is forbidden"],
    ['an illegal character', 'path "a" ; { }', 'illegal character'],
    ['JSON that is none', '{"path": ', 'invalid syntax'],
    ['JSON of another form', '{"path": {"a": ["read"]}}', 'must be an object'],
    // Ignoring these would allow more than their author wrote.
    ['parameters', 'path "a" { denied_parameters = { "x" = [] } }', 'not supported'],
    ['wrapping', 'path "a" { min_wrapping_ttl = "1s" }', 'not supported'],
    ['a template', 'path "a/{{identity.entity.id}}" { capabilities = ["read"] }', 'not supported'],
  ])('%s', (_name, text, reason) => {
    expect(() => parsePolicy(text)).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringContaining(reason) }),
    );
    expect(() => parsePolicy(text)).toThrow(/^failed to parse policy: /);
  });
});
