import { byteSize } from './byte-size.ts';
import { duration } from './duration.ts';

/** How far a table is. What is expected is an estimate: what Postgres has on disk, and counted last. */
export interface Progress {
  readonly name: string;
  readonly bytes: number;
  readonly expectedBytes: number;
  /** How many rows come; not positive where nobody counted them. */
  readonly expectedRows: number;
  readonly seconds: number;
}

const LONGEST = 20;
const SHORTEST = 5;
/** What percent, bytes and time left take, with what is around them. */
const FACTS = 29;

/**
 * A line for each table that is on its way, aligned, and none longer than the terminal is wide: one that
 * wrapped couldn't be drawn over.
 */
export function progressBars(all: readonly Progress[], columns: number): string[] {
  const longest = Math.max(0, ...all.map(({ name }) => name.length));
  const width = Math.min(longest, Math.max(6, columns - FACTS));
  return all.map((one) => progressBar(one, width, columns));
}

function progressBar(progress: Progress, nameWidth: number, columns: number): string {
  const { name, bytes, expectedBytes, expectedRows, seconds } = progress;
  const label =
    name.length > nameWidth ? `${name.slice(0, nameWidth - 1)}…` : name.padEnd(nameWidth);
  const part = Math.min(0.99, bytes / Math.max(expectedBytes, 1));
  const percent = `${Math.round(part * 100)} %`.padStart(4);
  const secondsLeft = part > 0.02 ? (seconds / part) * (1 - part) : 0;
  const left = secondsLeft >= 1 ? `, ${duration(secondsLeft)} left` : '';
  const rows = expectedRows > 0 ? ` of ~${expectedRows.toLocaleString('en')} rows` : '';
  const [short, long] = ['', rows].map((of) => `${percent}${of}, ${byteSize(bytes)}${left}`) as [
    string,
    string,
  ];
  // Two columns before it, one between, and the last one stays free.
  const room = columns - nameWidth - 4;
  const facts = long.length + SHORTEST + 3 <= room ? long : short;
  const length = Math.min(LONGEST, room - facts.length - 3);
  const done = Math.round(part * length);
  const bar = length < SHORTEST ? '' : `[${'='.repeat(done)}${' '.repeat(length - done)}] `;
  return `  ${label} ${bar}${facts}`.slice(0, columns - 1);
}
