import type { ConsoleCommand } from './console-blocks.ts';

/** A command's run, ready to be played. */
export interface Playback {
  readonly command: string;
  readonly lines: readonly PlayedLine[];
}

export interface PlayedLine {
  readonly text: string;
  /** Milliseconds from the start of the command until the line was there. */
  readonly at: number;
}

/** How a step's line says how long it took: `(627 ms)`, `(1.2 s)`. */
const DURATION = /\((\d+(?:\.\d+)?) (ms|s)\)$/;

/**
 * Takes the time of each line from the line itself: a step's line appears when the step is done, a line
 * that names no duration together with the one before.
 *
 * @throws Error when no line names a duration: there would be nothing to play.
 */
export function playback({ command, output }: ConsoleCommand): Playback {
  let at = 0;
  const lines = output.split('\n').map((text) => {
    const [, number, unit] = DURATION.exec(text) ?? [];
    at += Math.round(Number(number ?? 0) * (unit === 's' ? 1000 : 1));
    return { text, at };
  });
  if (at === 0) throw new Error(`no line that \`${command}\` prints says how long its step took`);
  return { command, lines };
}
