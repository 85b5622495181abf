import { expect, it } from 'vitest';
import { parseProfiles } from './databricks-profiles.ts';

const parse = (text: string) =>
  Object.fromEntries(
    [...parseProfiles(text)].map(([name, keys]) => [name, Object.fromEntries(keys)]),
  );

it.each([
  ['nothing', '', {}],
  ['a section without keys', '[DEFAULT]\n', {}],
  ['keys', '[dev]\nhost = https://h\ntoken=t\n', { dev: { host: 'https://h', token: 't' } }],
  ['Windows lines and a mark', '\uFEFF[dev]\r\nhost = h\r\n', { dev: { host: 'h' } }],
  ['dots and spaces in names', '[ team.dev one ]\nhost = h', { 'team.dev one': { host: 'h' } }],
  ['colons', '[dev]\nhost: https://h:1', { dev: { host: 'https://h:1' } }],
  ['an equals sign in a value', '[dev]\ntoken = a=b==', { dev: { token: 'a=b==' } }],
  ['comments', '; one\n# two\n[dev] ; three\nhost = h # four\n  # five', { dev: { host: 'h' } }],
  ['a # in a value', '[dev]\ntoken = a#b;c', { dev: { token: 'a#b;c' } }],
  ['an empty value', '[dev]\nhost = # none', { dev: { host: '' } }],
  ['keys before a section', 'host = h', { DEFAULT: { host: 'h' } }],
  [
    'a section in two parts',
    '[a]\nx = 1\n[b]\ny = 2\n[a]\nz = 3',
    {
      a: { x: '1', z: '3' },
      b: { y: '2' },
    },
  ],
  ['lines that are no keys', '[dev]\nnonsense\n= v\nhost = h', { dev: { host: 'h' } }],
])('reads %s', (_, text, profiles) => {
  expect(parse(text)).toEqual(profiles);
});
