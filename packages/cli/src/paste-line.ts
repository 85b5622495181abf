import { calledAs } from './called-as.ts';

/**
 * The call that this process got, with one flag set, as a line to paste into a shell. What stands
 * after `--` stays there.
 *
 * @param argv the command's words and what followed them.
 * @example
 * pasteLine(['workflows', 'delete', "it's"], '--confirm', 'staging');
 * // spire workflows delete 'it'\''s' --confirm staging
 */
export function pasteLine(argv: readonly string[], flag: string, value: string): string {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const own = argv
    .slice(0, end)
    .filter(
      (word, index) => word !== flag && argv[index - 1] !== flag && !word.startsWith(`${flag}=`),
    );
  return [calledAs(), ...[...own, flag, value, ...argv.slice(end)].map(quoted)].join(' ');
}

/** A word as a shell takes it back. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
