/** What differs from run to run, and what stands for it when two outputs are compared. */
const PASSING: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<id>'],
  [/\b\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d)?)?/g, '<date>'],
  [/\b\d+(\.\d+)? (ms|s|min)\b/g, '<time>'],
  [/\b\d+(\.\d+)? (B|kB|MB|GB)\b/g, '<size>'],
  [/^(plan +\w+):[0-9a-f]{12}$/gm, '$1:<hash>'],
  [/\b([Pp]ort) \d+/g, '$1 <port>'],
  [/\b(127\.0\.0\.1|localhost):\d+/g, '$1:<port>'],
  [/\(version \d+\)/g, '(version <number>)'],
  [/\b(DB_PORT +)\d+/g, '$1<port>'],
  [/\b(running|stopped) +(\d+|-) +(\d+|-)/g, '$1 <port> <pid>'],
  [/"(pid|port|began)": \d+/g, '"$1": <number>'],
  [/--after \S+/g, '--after <cursor>'],
  // Pages share a home: whoever comes first makes what the next one finds.
  [/Built production, staging, development|Kept the databases that are there/g, '<databases>'],
  [/\b(Advertiser|Error) [0-9a-f]{16}\b/g, '$1 <mask>'],
  // How many fail under load passes; whether any does doesn't.
  [/\b[1-9]\d* of \d+ failed/g, '<some> of <all> failed'],
  [/\b0 of \d+ failed/g, 'none of <all> failed'],
  [/\bEnded \d+ sessions?/g, 'Ended <number> sessions'],
  // Columns are as wide as their widest cell, which may be one of the above.
  [/ {2,}/g, ' '],
];

/** Tables that are copied at the same time arrive in any order. */
const ARRIVALS = /(^\u2713 \w+ \([\d,]+ rows?, <size>\)\n?)+/gm;

/**
 * An output without what differs from run to run: times, dates, sizes, ids, ports, process ids, widths.
 *
 * @example
 * scrub('running on port 41233 (12 ms)'); // 'running on port <port> (<time>)'
 */
export function scrub(output: string): string {
  const lines = PASSING.reduce((text, [pattern, stand]) => text.replace(pattern, stand), output);
  return lines
    .replace(ARRIVALS, (run) => `${run.trimEnd().split('\n').sort().join('\n')}\n`)
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}
