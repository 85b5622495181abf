import stringWidth from 'fast-string-width';
import { paint } from './paint.ts';
import { visible } from './visible.ts';

type Plain = string | number | boolean | null | undefined;

/** What stands in a table: data, or data in a colour. */
export type Cell = Plain | { readonly text: string; readonly color: (text: string) => string };

/**
 * A table as text: a header and a line a row, columns two spaces apart.
 *
 * @param columns the headings.
 * @param rows as many cells as there are headings; undefined and null show as a dash.
 */
export function table(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const { bold } = paint(process.stdout);
  const head: Cell[] = columns.map((text) => ({ text, color: bold }));
  const grid = [head, ...rows].map((row) => row.map(toText));
  const widths = columns.map((_, index) =>
    Math.max(...grid.map((row) => stringWidth(row[index]?.text ?? ''))),
  );
  return grid.map((row) => line(row, widths)).join('\n');
}

/** Pairs of name and value, aligned, a line each. */
export function fields(pairs: readonly (readonly [string, Plain])[]): string {
  const { bold } = paint(process.stdout);
  const rows = pairs.map(([name, value]) => [toText({ text: name, color: bold }), toText(value)]);
  const width = Math.max(...pairs.map(([name]) => stringWidth(name)));
  return rows.map((row) => line(row, [width])).join('\n');
}

function toText(cell: Cell) {
  const { text, color } =
    typeof cell === 'object' && cell !== null
      ? cell
      : { text: String(cell ?? '-'), color: undefined };
  const shown = visible(text);
  return { text: shown, painted: color ? color(shown) : shown };
}

function line(row: readonly ReturnType<typeof toText>[], widths: readonly number[]): string {
  return row
    .map(({ text, painted }, index) => {
      const last = index === row.length - 1;
      return last ? painted : painted + ' '.repeat((widths[index] ?? 0) - stringWidth(text) + 2);
    })
    .join('')
    .trimEnd();
}

/** A moment in the reader's own zone, to the minute. */
export function localTime(moment: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day} ${two(moment.getHours())}:${two(moment.getMinutes())}`;
}
