import { expect, test } from 'vitest';
import { playback } from './playback.ts';

const run = (output: string) => ({ command: 'spire quickstart', output, exitCode: 0 });

test('a line appears when its step was done, and what names no time together with it', () => {
  const output = '✓ Started (627 ms)\n✓ Read (66 ms)\n\nname  error\nDone in 1.2 s.';
  expect(playback(run(output))).toEqual({
    command: 'spire quickstart',
    lines: [
      { text: '✓ Started (627 ms)', at: 627 },
      { text: '✓ Read (66 ms)', at: 693 },
      { text: '', at: 693 },
      { text: 'name  error', at: 693 },
      { text: 'Done in 1.2 s.', at: 693 },
    ],
  });
});

test('seconds count as seconds', () => {
  expect(playback(run('✓ Seeded (1.5 s)')).lines).toEqual([{ text: '✓ Seeded (1.5 s)', at: 1500 }]);
});

test('a run without durations is refused', () => {
  expect(() => playback(run('Done.'))).toThrow('spire quickstart');
});
