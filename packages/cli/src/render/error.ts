import { asCalled } from '../called-as.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import { paint } from './paint.ts';

/** An error as `--json` shows it. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly suggestions: readonly string[];
}

/** What a person or a program is told about an error: nothing of its cause, which may hold data. */
export function reportOf(error: unknown): ErrorReport {
  const { code, message, suggestions, oclif } = error as Partial<ErrorReport> & { oclif?: unknown };
  const ours = typeof code === 'string' && Array.isArray(suggestions);
  return {
    code: ours ? code : oclif ? 'USAGE' : 'UNEXPECTED',
    message: plain(message ?? String(error)),
    suggestions: ours
      ? suggestions.map(asCalled)
      : [
          asCalled(
            oclif ? 'See how it is used: spire help' : 'See the whole with DEBUG=*, and report it.',
          ),
        ],
  };
}

/** oclif colours its messages and adds "See more help with --help". */
function plain(message: string): string {
  return message.replace(/\u001b\[\d+m/g, '').trim();
}

/**
 * Prints an error, as text on stderr or as JSON on stdout.
 *
 * @returns the exit code that belongs to it.
 */
export function printError(error: unknown, json: boolean): number {
  const report = reportOf(error);
  if (json) process.stdout.write(`${JSON.stringify({ error: report }, null, 2)}\n`);
  else process.stderr.write(`${errorText(report)}\n`);
  return report.code === 'USAGE' ? EXIT.usage : exitCodeOf(report.code);
}

function errorText({ code, message, suggestions }: ErrorReport): string {
  const color = paint(process.stderr);
  return [
    `${color.red('Error:')} ${message}`,
    ...suggestions.map((suggestion) => `  ${color.dim('->')} ${suggestion}`),
    color.dim(`  ${code}`),
  ].join('\n');
}
