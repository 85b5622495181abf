import type { Difference } from '@spire/migrate';
import { paint } from './paint.ts';
import { visible } from './visible.ts';

/** Differences in people's words, a line each. */
export function renderDifferences(differences: readonly Difference[]): string {
  const color = paint(process.stdout);
  return differences
    .map(({ words, losesData }) => {
      const note = losesData ? color.red('  (closing it loses data)') : '';
      return `  ${visible(words)}${note}`;
    })
    .join('\n');
}
