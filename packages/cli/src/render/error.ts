import { asCalled } from '../called-as.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { isInPractice } from '../services/practice/practice-paths.ts';
import { paint } from './paint.ts';
import { visible } from './visible.ts';

/** An error as `--json` shows it. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly suggestions: readonly string[];
  /** The page that says more, below `docs/`. */
  readonly ref: string;
}

/**
 * What a person or a program is told about an error: nothing of its cause, which may hold data.
 *
 * @param meant the environment that the command works on, for an error that names none itself.
 */
export function reportOf(error: unknown, meant?: string): ErrorReport {
  const found = error as Partial<ErrorReport & { environment: string }>;
  const { code, message, suggestions, environment = meant } = found;
  if (typeof code === 'string' && Array.isArray(suggestions)) {
    const all = [...practiceHint(message), ...suggestions].map(asCalled);
    return {
      code,
      message: message ?? '',
      suggestions: environment ? all.map((text) => forEnvironment(text, environment)) : all,
      ref: refOf(code),
    };
  }
  return {
    code: 'UNEXPECTED',
    message: message ?? String(error),
    suggestions: [
      'This should not happen. Run it again with DEBUG=spire to see where, and report it.',
    ],
    ref: refOf('UNEXPECTED'),
  };
}

function refOf(code: string): string {
  return `reference/errors#${code.toLowerCase()}`;
}

/** Where nothing listens there, it was stopped, or the machine was; and it has no `local`. */
function practiceHint(message = ''): readonly string[] {
  if (!isInPractice(process.env)) return [];
  if (message.includes('ECONNREFUSED'))
    return ['Start the practice organisation: spire practice up'];
  return message === 'There is no environment "local".'
    ? ['Leave the practice organisation: unset SPIRE_CONFIG_DIR']
    : [];
}

/**
 * Prints an error, as text on stderr or as JSON on stdout.
 *
 * @param environment that the command worked on: what is suggested is meant for the same one.
 * @returns the exit code that belongs to it.
 */
export function printError(error: unknown, json: boolean, environment?: string): number {
  const report = reportOf(error, environment);
  if (json) process.stdout.write(`${JSON.stringify({ error: report }, null, 2)}\n`);
  else process.stderr.write(`${errorText(report)}\n`);
  if (report.code === 'UNEXPECTED' && process.env.DEBUG) {
    process.stderr.write(`${(error as Error).stack}\n`);
  }
  return exitCodeOf(report.code);
}

function errorText({ code, message, suggestions, ref }: ErrorReport): string {
  const color = paint(process.stderr);
  const lines = message.split('\n').map(visible);
  return [
    `${color.red('Error:')} ${lines.join('\n')}`,
    ...suggestions.map((suggestion) => `  ${color.dim('->')} ${visible(suggestion)}`),
    color.dim(`  ${code}  docs/${ref.replace('#', '.md#')}`),
  ].join('\n');
}

/** What those suggest who know a client, and not where that leads, names no environment. */
function forEnvironment(text: string, environment: string): string {
  return text.includes(' -e ')
    ? text
    : text.replace(
        /(\bspire (?:env show|migrate (?:adopt|down|plan|repair|status|up)|db (?:locks|kill \d+))\b)/,
        `$1 -e ${environment}`,
      );
}
