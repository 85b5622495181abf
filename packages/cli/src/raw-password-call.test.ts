import { expect, it } from 'vitest';
import { rawPasswordCall } from './raw-password-call.ts';

it.each([
  ['db password --raw', ''],
  ['db password --raw -e staging', 'staging'],
  ['db password -estaging --raw', 'staging'],
  ['db password --environment=staging --raw', 'staging'],
  ['db password -e staging', undefined],
  ['db password --raw --json', undefined],
  ['db password --raw --help', undefined],
  ['db password --raw staging', undefined],
  ['db password --raw -e', undefined],
  ['db password --raw -e --json', undefined],
  ['db url --raw', undefined],
  ['password --raw', undefined],
  ['', undefined],
])('%j asks for the password of %j', (line, environment) => {
  expect(rawPasswordCall(line.split(' '))).toBe(environment);
});
