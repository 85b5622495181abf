import { Config, flush, type Interfaces, run } from '@oclif/core';
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
    const config = await Config.load({ root, pjson, isRoot: true } as Interfaces.LoadOptions);
    await run(withHelp(process.argv.slice(2)), config);
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
