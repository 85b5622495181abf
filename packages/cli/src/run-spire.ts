import { flush, type Interfaces, run } from '@oclif/core';
import { printError } from './render/error.ts';

/**
 * Runs the command that the process was called with, and sets its exit code.
 *
 * @param root the directory of this package, or of its build.
 * @param pjson its `package.json`, so that oclif doesn't look for one.
 */
export async function runSpire(root: string, pjson: Interfaces.PJSON): Promise<void> {
  process.once('SIGINT', () => {
    process.stderr.write('\nInterrupted. What was begun is taken over by the next call.\n');
    process.exit(130);
  });
  try {
    const argv = withHelp(process.argv.slice(2));
    const oclif = { ...pjson.oclif, plugins: pluginsFor(argv) };
    const options = {
      root,
      pjson: { ...pjson, oclif },
      isRoot: true,
      devPlugins: false,
      userPlugins: false,
    };
    await run(argv, options as Interfaces.LoadOptions);
    await flush();
  } catch (error) {
    // Commands print their own errors; here arrive unknown commands and `--help` of nothing.
    const { oclif } = error as { oclif?: { exit?: number } };
    if (oclif?.exit !== 0) process.exitCode = printError(error, process.argv.includes('--json'));
  }
}

/** `spire help workflows` is `spire workflows --help`. */
function withHelp(argv: string[]): string[] {
  return argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
}

/** The completion plugin costs as much time as all the rest: it is loaded where it is used or listed. */
function pluginsFor(argv: readonly string[]): string[] {
  const [first = '--help'] = argv;
  return ['autocomplete', '--help'].includes(first) ? ['@oclif/plugin-autocomplete'] : [];
}
