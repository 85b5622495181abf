import { closest } from './closest.ts';
import { CliError } from './errors.ts';

/** What of an error of oclif's parser is read here. */
interface ParserError extends Error {
  /** Arguments that are missing. */
  readonly args?: readonly { readonly name: string; readonly description?: string }[];
  /** Flags that there are none of. */
  readonly flags?: readonly string[];
  readonly parse?: { readonly input?: { readonly flags?: object } };
}

/**
 * What oclif says about a call, as an error of ours: in one style, without its colours, with the help
 * of the very command.
 *
 * @param command its words, such as `workflows list`.
 */
export function usageError(error: ParserError, command: string): CliError {
  const known = Object.keys(error.parse?.input?.flags ?? {}).map((name) => `--${name}`);
  const meant = error.flags?.flatMap((flag) => closest(flag, known) ?? []) ?? [];
  return new CliError('USAGE', messageOf(error), [
    ...meant.map((flag) => `Did you mean ${flag}?`),
    `See how it is used: spire ${command} --help`,
  ]);
}

/** What to say of a command that doesn't exist. */
export function unknownCommand(command: string, known: readonly string[]): CliError {
  const meant = closest(command, known);
  return new CliError('USAGE', `There is no command "${command}".`, [
    ...(meant ? [`Did you mean: spire ${meant}`] : []),
    'See which there are: spire --help',
  ]);
}

function messageOf({ args, flags, message }: ParserError): string {
  const [missing] = args ?? [];
  if (missing && message.startsWith('Missing'))
    return `Missing ${missing.name.toUpperCase()}: ${missing.description}.`;
  if (flags) return `There is no flag ${flags.join(', ')}.`;
  const lines = message
    .replace(/\u001b\[\d+m/g, '')
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following errors? occurred:\n/, '')
    .replace(/^Parsing (--\S+) \n\tE/, '$1: e')
    .replaceAll('Missing required flag ', 'Missing --')
    .replaceAll('=true cannot', ' cannot');
  return `${lines
    .split('\n')
    .map((line) => line.trim())
    .join('; ')}.`;
}
