const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** Bytes as a person reads them, in powers of 1,000: `340 B`, `2.1 MB`. */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let [size, unit] = [bytes / 1000, 0];
  while (size >= 999.95 && unit < UNITS.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${size.toFixed(1)} ${UNITS[unit]}`;
}
