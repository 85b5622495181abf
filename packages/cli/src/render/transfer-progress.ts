import type { BackupStep, OthersStep, TransferStep } from '@spire/transfer';
import { byteSize } from './byte-size.ts';
import { duration } from './duration.ts';
import { paint } from './paint.ts';

const REDRAW_MILLIS = 100;
const BAR = 20;

/** A table that is being copied. */
interface Copying {
  readonly expected: number;
  readonly began: number;
  bytes: number;
}

/**
 * Shows how a transfer or a backup goes: a line for each table that has arrived, and on a terminal a bar for each that
 * is on its way.
 *
 * @param shown false keeps silent.
 */
export function transferProgress(
  stream: NodeJS.WriteStream,
  shown: boolean,
): (step: TransferStep | BackupStep) => void {
  if (!shown) return () => {};
  const color = paint(stream);
  const copying = new Map<string, Copying>();
  let arrived = 0;
  let bars = 0;
  let drawn = 0;
  const draw = (line?: string) => {
    const lines = stream.isTTY ? [...copying].map(([name, one]) => `  ${bar(name, one)}`) : [];
    const back = bars > 0 ? `\u001b[${bars}A\u001b[0J` : '';
    stream.write(`${back}${[...(line === undefined ? [] : [line]), ...lines].join('\n')}\n`);
    bars = lines.length;
    drawn = performance.now();
  };
  const say = (line: string) => draw(line);
  return (step) => {
    switch (step.kind) {
      case 'waiting':
        return say(`Waiting for others to leave: ${namesOf(step)}`);
      case 'ended':
        return say(`Ended: ${namesOf(step)}`);
      case 'copying': {
        const { name, bytes: expected } = step.table;
        const known = copying.get(name) ?? { expected, began: performance.now(), bytes: 0 };
        known.bytes = step.bytes;
        copying.set(name, known);
        if (stream.isTTY && performance.now() - drawn > REDRAW_MILLIS) draw();
        return;
      }
      case 'copied': {
        const { name, rows, bytes } = step.copied;
        copying.delete(name);
        arrived += 1;
        const what = `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}, ${byteSize(bytes)}`;
        return say(`${color.green('\u2713')} ${name} ${color.dim(`(${what})`)}`);
      }
      case 'filled':
        if (arrived === 0) return;
        return say(`${color.green('\u2713')} indexes and keys; all of it is as it was sent`);
      default:
    }
  };
}

function namesOf({ others }: OthersStep): string {
  return others
    .map(({ user, application, pid }) => `${user} (${application || 'unnamed'}, pid ${pid})`)
    .join(', ');
}

/** What Postgres has on disk says about how much comes, not exactly. */
function bar(name: string, { expected, began, bytes }: Copying): string {
  const part = Math.min(0.99, bytes / Math.max(expected, 1));
  const done = Math.round(part * BAR);
  const seconds = (performance.now() - began) / 1000;
  const left = part > 0.02 ? `, ${duration((seconds / part) * (1 - part))} left` : '';
  return `${name} ${'='.repeat(done)}${' '.repeat(BAR - done)} ${Math.round(part * 100)} %, ${byteSize(bytes)}${left}`;
}
