import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface ManifestFlag {
  readonly type: 'boolean' | 'option';
  readonly required?: boolean;
  readonly options?: readonly string[];
  readonly exclusive?: readonly string[];
}

interface ManifestCommand {
  readonly args: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly flags: Readonly<Record<string, ManifestFlag>>;
  readonly strict?: boolean;
}

const root = join(import.meta.dirname, '..');

/** Every command of the manifest, by its id. */
export const COMMANDS: Readonly<Record<string, ManifestCommand>> = JSON.parse(
  readFileSync(join(root, 'oclif.manifest.json'), 'utf8'),
).commands;

/** What stands for an argument or a flag of a name; anything else is taken for a record's name. */
const VALUES: Readonly<Record<string, string>> = {
  date: '2026-01-01',
  environment: 'staging',
  key: 'DB_NAME',
  sql: 'delete from workflows',
  stage: 'training',
  status: 'success',
  value: 'elsewhere',
};
const FILES: Readonly<Record<string, string>> = {
  'job-configs': 'examples/job-configs/training.yml',
};
const NAMES: Readonly<Record<string, string>> = { 'job-configs': 'kept' };

/** The calls of a command that somebody might make by accident, without what confirms them. */
export function accidentalCalls(id: string, child: readonly string[]): string[][] {
  const command = COMMANDS[id];
  if (!command) throw new Error(`there is no command ${id}`);
  const topic = id.split(':')[0] ?? '';
  const standIn = (name: string, options?: readonly string[]) =>
    options?.[0] ??
    VALUES[name] ??
    (name === 'file'
      ? (FILES[topic] ?? 'examples/workflow.yml')
      : (NAMES[topic] ?? 'spire_kept_1'));
  const required = Object.entries(command.flags)
    .filter(([, { required }]) => required)
    .flatMap(([name, { options }]) => [`--${name}`, standIn(name, options)]);
  const words = id.split(':');
  // What stands on its own, without arguments, and what is called with all of them.
  const bare = [...words, ...required];
  const full = [...words, ...Object.keys(command.args).map((name) => standIn(name)), ...required];
  const booleans = Object.entries(command.flags).filter(
    ([name, { type }]) => type === 'boolean' && name !== 'json',
  );
  const together: string[] = [];
  for (const [name, { exclusive = [] }] of booleans) {
    if (!together.some((other) => exclusive.includes(other.slice(2)))) together.push(`--${name}`);
  }
  const tail = command.strict === false ? ['--', ...child] : [];
  const calls = [bare, full, ...booleans.map(([name]) => [...full, `--${name}`])];
  if (together.length > 1) calls.push([...full, ...together]);
  if ('confirm' in command.flags) {
    for (const wrong of ['staging', '']) calls.push([...full, ...together, '--confirm', wrong]);
  }
  return calls.map((call) => [...call, ...tail]);
}
