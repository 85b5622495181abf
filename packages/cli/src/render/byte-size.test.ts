import { expect, it } from 'vitest';
import { byteSize } from './byte-size.ts';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [8192, '8.2 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [1.5e9, '1.5 GB'],
  [2e15, '2000.0 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(byteSize(bytes)).toBe(text);
});
