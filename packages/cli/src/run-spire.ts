import { Config, type Interfaces, run } from '@oclif/core';
import { printError } from './render/error.ts';
import { unknownCommand, usageError } from './usage-error.ts';

/**
 * Runs the command that the process was called with, and sets its exit code.
 *
 * @param root the directory of this package, or of its build.
 * @param pjson its `package.json`, so that oclif doesn't look for one.
 */
export async function runSpire(root: string, pjson: Interfaces.PJSON): Promise<void> {
  process.once('SIGINT', () => {
    process.stderr.write('\nInterrupted. Call it again: it goes on from here.\n');
    process.exit(130);
  });
  // Whoever reads our output may stop reading: `spire workflows list | head`. oclif sees to stdout.
  process.stderr.on('error', () => {});
  const argv = withHelp(process.argv.slice(2));
  const options = {
    root,
    pjson: { ...pjson, oclif: { ...pjson.oclif, plugins: pluginsFor(argv) } },
    isRoot: true,
    devPlugins: false,
    userPlugins: false,
  } as Interfaces.LoadOptions;
  try {
    await run(argv, options);
  } catch (error) {
    // Commands print their own errors; here arrive unknown commands and `--help` of nothing.
    if ((error as { oclif?: { exit?: number } }).oclif?.exit === 0) return;
    const ours = 'oclif' in (error as Error) ? await explain(error as Error, argv, options) : error;
    process.exitCode = printError(ours, process.argv.includes('--json'));
  }
}

async function explain(error: Error, argv: readonly string[], options: Interfaces.LoadOptions) {
  const [, id] = /^command (.*?) not found/i.exec(error.message) ?? [];
  if (id === undefined) return usageError(error, argv[0] ?? '');
  const words = (text: string) => text.replaceAll(':', ' ');
  return unknownCommand(words(id), (await Config.load(options)).commandIDs.map(words));
}

/** `spire help workflows` is `spire workflows --help`. */
function withHelp(argv: string[]): string[] {
  return argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
}

/** The completion plugin costs as much time as all the rest: it is loaded where it is used or listed. */
function pluginsFor(argv: readonly string[]): string[] {
  const [first = '--help'] = argv;
  return ['autocomplete', '--help', '-h'].includes(first) ? ['@oclif/plugin-autocomplete'] : [];
}
