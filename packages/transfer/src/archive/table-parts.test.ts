import { expect, it } from 'vitest';
import { cutIntoParts } from './table-parts.ts';

it('rows are cut only where one ends', async () => {
  const rows = Array.from({ length: 1000 }, (_, index) => `${index}\t${'x'.repeat(index)}\n`);
  const all = Buffer.from(rows.join(''));
  async function* chunks() {
    for (let start = 0; start < all.length; start += 777) yield all.subarray(start, start + 777);
  }
  let [count, found] = [0, ''];
  for await (const part of cutIntoParts(chunks(), 5000)) {
    const text = Buffer.concat(part.chunks).toString();
    expect(text.endsWith('\n')).toBe(true);
    expect(part.bytes).toBe(text.length);
    expect(part.bytes).toBeLessThan(5000 + 777 + 1010);
    count += part.rows;
    found += text;
  }
  expect([count, found]).toEqual([1000, all.toString()]);
});
