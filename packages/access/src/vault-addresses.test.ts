import { describe, expect, it } from 'vitest';
import {
  coversVaultAddresses,
  listVaultAddresses,
  parseVaultAddresses,
} from './vault-addresses.ts';

describe('addresses of a Vault', () => {
  it.each([
    ['https://a:8200', ['https://a:8200']],
    ['https://a:8200,https://b:8200', ['https://a:8200', 'https://b:8200']],
    [' https://A:443/ , https://b/,https://a ', ['https://a', 'https://b']],
    ['http://127.0.0.1:1,http://localhost:2', ['http://127.0.0.1:1', 'http://localhost:2']],
  ])('%s are %j', (text, addresses) => {
    expect(listVaultAddresses(parseVaultAddresses(text))).toEqual(addresses);
  });

  it.each([
    ['https://a,', /a URL/],
    ['https://a,,https://b', /a URL/],
    ['https://a,http://b', /https/],
    ['https://a,https://ann:p@b', /without a user/],
    ['https://a https://b', /a URL/],
    ['https://a,https://b?c', /without \?/],
  ])('%s are none', (text, expected) => {
    expect(() => parseVaultAddresses(text)).toThrow(expected);
  });

  it.each([
    ['https://a', 'https://a', true],
    ['https://a,https://b', 'https://b', true],
    ['https://a,https://b', 'https://b,https://a', true],
    ['https://a', 'https://a,https://b', false],
    ['https://a', 'https://ab', false],
  ])('what is for %s may go to %s: %s', (known, asked, may) => {
    expect(coversVaultAddresses(known, asked)).toBe(may);
  });
});
