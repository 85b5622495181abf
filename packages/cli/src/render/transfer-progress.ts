import type { BackupStep, OthersStep, TransferStep } from '@spire/transfer';
import { byteSize } from './byte-size.ts';
import { paint } from './paint.ts';
import { progressBars } from './progress-bar.ts';

const REDRAW_MILLIS = 100;
const BUILDING = '  building indexes and keys, and comparing all of it with what was sent';

/** A table that is being copied. */
interface Copying {
  readonly table: { readonly name: string; readonly rows: number; readonly bytes: number };
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
  let [arrived, awaited] = [0, 0];
  let bars = 0;
  let drawn = 0;
  /** What is drawn over again and again. */
  const live = (): string[] => {
    const { columns = 80, rows = 24 } = stream;
    if (awaited > 0 && arrived === awaited) return [BUILDING.slice(0, columns - 1)];
    const now = performance.now();
    const all = [...copying.values()].map(({ table, began, bytes }) => ({
      name: table.name,
      bytes,
      expectedBytes: table.bytes,
      expectedRows: table.rows,
      seconds: (now - began) / 1000,
    }));
    return progressBars(all.slice(0, rows - 2), columns);
  };
  const draw = (line?: string) => {
    const lines = stream.isTTY ? live() : [];
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
        const { table, bytes } = step;
        const known = copying.get(table.name) ?? { table, began: performance.now(), bytes };
        known.bytes = bytes;
        copying.set(table.name, known);
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
      case 'prepared':
        awaited = step.tables.length;
        return;
      case 'filled':
        awaited = 0;
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
