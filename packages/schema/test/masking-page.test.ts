import { expect, test } from 'vitest';
import { maskingPage } from '../scripts/masking-page.ts';

test('the page about masking says what is declared', async () => {
  await expect(maskingPage()).toMatchFileSnapshot('../../../docs/concepts/masking.md');
});
