import Table from 'cli-table3';
import { paint } from './paint.ts';

const BORDERLESS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/**
 * A table as text: a header and a line a row.
 *
 * @param columns the headings.
 * @param rows as many cells as there are headings; undefined and null show as a dash.
 */
export function table(
  columns: readonly string[],
  rows: readonly (readonly (string | number | boolean | null | undefined)[])[],
): string {
  const color = paint(process.stdout);
  const grid = new Table({
    head: columns.map((column) => color.bold(column)),
    chars: BORDERLESS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) grid.push(row.map((cell) => visible(cell ?? '-')));
  return grid
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Control characters in data must not reach the terminal as such. */
function visible(cell: string | number | boolean): string {
  return String(cell).replace(/[\u0000-\u001f\u007f-\u009f]/g, '\u00b7');
}

/** Pairs of name and value, aligned, a line each. */
export function fields(
  pairs: readonly (readonly [string, string | number | boolean | null | undefined])[],
): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  const color = paint(process.stdout);
  return pairs
    .map(([name, value]) => `${color.bold(name.padEnd(width))}  ${visible(value ?? '-')}`)
    .join('\n');
}

/** A moment in the reader's own zone, to the minute. */
export function localTime(moment: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' }).format(
    moment,
  );
}
