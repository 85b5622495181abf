import type { Step, StepWatcher } from '../services/steps.ts';
import { elapsed } from './duration.ts';
import { paint } from './paint.ts';

/**
 * Shows steps while they run: on a terminal the one at work, and a line for each that is done.
 *
 * @param shown false keeps silent.
 */
export function stepLines(stream: NodeJS.WriteStream, shown: boolean): StepWatcher {
  const color = paint(stream);
  const clear = stream.isTTY ? '\r\u001b[2K' : '';
  return {
    onBegin(what: string) {
      if (shown && stream.isTTY) stream.write(color.dim(`  ${what} ...`));
    },
    onDone({ did, millis }: Step) {
      if (!shown) return;
      stream.write(
        `${clear}${color.green('\u2713')} ${did} ${color.dim(`(${elapsed(millis)})`)}\n`,
      );
    },
  };
}
