import { spawn, spawnSync } from 'node:child_process';
import { type Ended, ended, type Home } from './spire-process.ts';

/** Whether util-linux's `script` is here, which gives a program a terminal. */
export const hasTerminal = Boolean(
  spawnSync('script', ['--version']).stdout?.toString().includes('util-linux'),
);
if (!hasTerminal) console.log("Skipped: calls on a terminal, since util-linux's script isn't here");

/** What is typed when the terminal shows a text. */
export type Typing = readonly [shown: RegExp, keys: string];

/**
 * Calls spire on a terminal, and types when it asks. stdout and stderr both show there.
 *
 * @param redirect what a shell is to send elsewhere, such as `2>file`.
 */
export function onTerminal(
  home: Home,
  args: readonly string[],
  typing: readonly Typing[] = [],
  redirect = '',
): Promise<Ended> {
  const words = [process.execPath, home.bin, ...args].map(
    (word) => `'${word.replaceAll("'", `'\\''`)}'`,
  );
  // Without a shell that stays, which would have its own thoughts about Ctrl-C.
  const call = `exec ${words.join(' ')} ${redirect}`;
  const child = spawn('script', ['-qec', call, '/dev/null'], { env: home.variables });
  const left = [...typing];
  let shown = '';
  child.stdout.on('data', (chunk) => {
    shown += chunk;
    const [next] = left;
    if (!next?.[0].test(shown)) return;
    left.shift();
    shown = '';
    child.stdin.write(next[1]);
  });
  return ended(child);
}
