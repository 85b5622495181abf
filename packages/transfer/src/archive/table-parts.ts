/** How large a part of a table's rows is, unless its last row is longer: it's held in memory. */
const PART_BYTES = 8 * 1024 * 1024;
const NEWLINE = 10;

/** Whole rows of a table, in COPY's text format. */
export interface Part {
  readonly chunks: readonly Buffer[];
  readonly bytes: number;
  readonly rows: number;
}

/** Cuts rows in COPY's text format, where a newline is always the end of a row, into parts. */
export async function* cutIntoParts(
  rows: AsyncIterable<Buffer>,
  bytes = PART_BYTES,
): AsyncGenerator<Part> {
  let chunks: Buffer[] = [];
  let held = 0;
  for await (const chunk of rows) {
    chunks.push(chunk);
    held += chunk.length;
    const end = held < bytes ? 0 : chunk.lastIndexOf(NEWLINE) + 1;
    if (end === 0) continue;
    yield partOf([...chunks.slice(0, -1), chunk.subarray(0, end)]);
    chunks = end < chunk.length ? [chunk.subarray(end)] : [];
    held = chunk.length - end;
  }
  if (held > 0) yield partOf(chunks);
}

function partOf(chunks: readonly Buffer[]): Part {
  let [bytes, rows] = [0, 0];
  for (const chunk of chunks) {
    bytes += chunk.length;
    rows += countRows(chunk);
  }
  return { chunks, bytes, rows };
}

/** How many rows end in a piece of COPY's text format. */
export function countRows(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
