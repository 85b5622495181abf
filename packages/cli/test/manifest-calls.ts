import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

/** Stands for the pid of a session that may be ended: whoever makes the calls puts one there. */
export const PID = 'PID';

/** Where those who call `db restore` put an archive. */
export const ARCHIVE = join(tmpdir(), `spire-archive-${process.pid}.tar.zst`);

/** What stands for an argument or a flag of a name; anything else is taken for a record's name. */
const VALUES: Readonly<Record<string, string>> = {
  date: '2026-01-01',
  environment: 'staging',
  key: 'DB_NAME',
  pid: PID,
  reveal: 'DB_PASSWORD',
  sql: 'delete from workflows',
  status: 'success',
  value: 'elsewhere',
};
/** Where a value depends on the command, or on its topic. */
const OF_COMMANDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'db:restore': { file: ARCHIVE },
  'job-configs': { name: 'kept' },
  'job-configs:create': { file: join(root, '..', '..', 'examples', 'job-configs', 'training.yml') },
  'job-configs:update': { file: join(root, 'test', 'inputs', 'changed-job-config.yml') },
  login: { file: '.env' },
  'migrate:down': { to: '0012_dfp_orders' },
  'migrate:lint': { tag: '0012_dfp_orders' },
  'migrate:new': { name: 'slip' },
  'migrate:plan': { to: '0014_note_authors' },
  'migrate:repair': { tag: '0013_notes', reason: 'only a comment was corrected' },
  'migrate:up': { to: '0014_note_authors' },
  'workflows:create': { file: join(root, 'test', 'inputs', 'new-workflow.yml') },
  'workflows:update': { file: join(root, 'test', 'inputs', 'changed-workflow.yml') },
};

/**
 * The calls of a command that its declaration suggests: with as little as it takes, with all arguments,
 * with each flag that needs no thought (a boolean one, one of a few options, one of {@link VALUES}), and,
 * last, with as many of them together as don't exclude each other and don't keep it from writing.
 *
 * @param child what stands after `--` where a command takes that.
 */
export function callsOf(id: string, child: readonly string[]): string[][] {
  const { args, flags, strict } = commandOf(id);
  const topic = id.split(':')[0] ?? '';
  const given = (name: string): string | undefined =>
    OF_COMMANDS[id]?.[name] ?? OF_COMMANDS[topic]?.[name] ?? VALUES[name];
  const standIn = (name: string, options?: readonly string[]) =>
    options?.[0] ?? given(name) ?? 'spire_kept_1';

  const all = Object.entries(flags);
  const required = all
    .filter(([, flag]) => flag.required)
    .flatMap(([name, { options }]) => [`--${name}`, standIn(name, options)]);
  const values = (names: readonly string[]) => names.map((name) => standIn(name));
  const needed = Object.keys(args).filter((name) => args[name]?.required);
  const bare = [...id.split(':'), ...values(needed), ...required];
  const full = [...id.split(':'), ...values(Object.keys(args)), ...required];

  /** The ways to use a flag; none where nobody knows what to give it. */
  const waysOf = (name: string, { type, options }: ManifestFlag): string[][] => {
    if (type === 'boolean') return [[`--${name}`]];
    const value = given(name);
    return (options ?? (value ? [value] : [])).map((one) => [`--${name}`, one]);
  };
  const asked = all.filter(([name, flag]) => !flag.required && !ALWAYS.includes(name));
  const single = asked.flatMap(([name, flag]) => waysOf(name, flag));
  const chosen: [string, ManifestFlag][] = [];
  for (const one of asked) {
    if (one[0] !== 'dry-run' && !chosen.some((other) => exclude(one, other))) chosen.push(one);
  }
  const together = chosen.flatMap(([name, flag]) => waysOf(name, flag)[0] ?? []);
  const calls = [bare, full].flatMap((base) => [
    base,
    ...single.map((words) => [...base, ...words]),
    [...base, ...together],
  ]);
  const tail = strict === false ? ['--', ...child] : [];
  return distinct(calls.map((call) => [...call, ...tail]));
}

/** Every command has it, or the tests see to it. */
const ALWAYS = ['json', 'environment', 'confirm'];

function commandOf(id: string): ManifestCommand {
  const command = COMMANDS[id];
  if (!command) throw new Error(`there is no command ${id}`);
  return command;
}

function exclude(
  [one, { exclusive: ofOne = [] }]: readonly [string, ManifestFlag],
  [other, { exclusive: ofOther = [] }]: readonly [string, ManifestFlag],
): boolean {
  return ofOne.includes(other) || ofOther.includes(one);
}

/** Whether a command has a flag. */
export function takes(id: string, flag: string): boolean {
  return flag in commandOf(id).flags;
}

/** A call with more words of its own: before `--`, where there is one. */
export function withWords(call: readonly string[], ...more: readonly string[]): string[] {
  const end = call.includes('--') ? call.indexOf('--') : call.length;
  return [...call.slice(0, end), ...more, ...call.slice(end)];
}

/** Of equal calls the last stays, so that what is last remains so. */
function distinct(calls: readonly string[][]): string[][] {
  return [
    ...new Map(calls.toReversed().map((call) => [JSON.stringify(call), call])).values(),
  ].reverse();
}

/** Runs all of them, some at a time: there are hundreds. */
export async function inParallel(
  runs: readonly (() => Promise<unknown>)[],
  atOnce = 4,
): Promise<void> {
  const next = runs.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const run of next) await run();
    }),
  );
}
