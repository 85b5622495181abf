import { LOCAL, type ResolvedEnvironment } from '@spire/access';
import { CliError } from './errors.ts';
import { pasteLine } from './paste-line.ts';
import { question } from './question.ts';

/** What is going to be done to an environment, in words. */
export type Effect =
  | 'writes to'
  | 'removes data from'
  | 'cancels a statement of'
  | 'ends a session of'
  | 'shows a secret of';

/** What can't be made good again. */
const DESTROYS: readonly Effect[] = [
  'removes data from',
  'cancels a statement of',
  'ends a session of',
];

/** What is known about a write before it happens. */
export interface PendingWrite {
  readonly does: Effect;
  /** The value of `--confirm`. */
  readonly given: string | undefined;
  /** Whether somebody can be asked. */
  readonly interactive: boolean;
  /** What has to be typed, where that isn't the environment's name; then it is always asked for. */
  readonly word?: string;
  /**
   * The hash of the plan that is carried out, which has to be named too; null: it may be named, where
   * the environment doesn't ask for it.
   */
  readonly plan?: string | null;
  /** The command as it was called, for the line to paste. */
  readonly argv: readonly string[];
}

/** Whether a write to this environment has to be confirmed. */
function needsConfirmation(environment: ResolvedEnvironment, does: Effect): boolean {
  return environment.protected || (DESTROYS.includes(does) && environment.name !== LOCAL);
}

/** What has to be typed. */
function wordFor({ name }: ResolvedEnvironment, { word, plan }: PendingWrite): string {
  return plan ? `${name}:${plan}` : (word ?? name);
}

function isConfirmedBy(
  given: string,
  environment: ResolvedEnvironment,
  write: PendingWrite,
): boolean {
  if (given === wordFor(environment, write)) return true;
  const [name, plan = '', ...more] = given.split(':');
  const namesPlan = name === environment.name && /^[0-9a-f]{12}$/.test(plan) && more.length === 0;
  return write.plan === null && namesPlan;
}

/**
 * Lets a write pass when it needs no confirmation, when `--confirm` names the environment (and the plan,
 * where there is one), or when the reader types that. `local` never asks; others ask for what destroys; a
 * protected one for all.
 *
 * @throws CliError `CONFIRMATION_REFUSED`, with the line to paste.
 */
export async function confirmWrite(
  environment: ResolvedEnvironment,
  write: PendingWrite,
): Promise<void> {
  const { name } = environment;
  const word = wordFor(environment, write);
  const needed = write.word !== undefined || needsConfirmation(environment, write.does);
  if (write.given !== undefined && !isConfirmedBy(write.given, environment, write)) {
    throw refused(environment, write);
  }
  if (write.given !== undefined || !needed) return;
  if (write.interactive) {
    const { host, database } = environment.values;
    const where = `${host?.value ?? 'host from Vault'}, database ${database?.value}`;
    const claimed = write.word === undefined ? '' : ` The database says that it is ${word}.`;
    const typed = await question(
      `This ${write.does} ${name} (${where}).${claimed} Type ${word} to go on: `,
    );
    if (typed === word) return;
  }
  throw refused(environment, write);
}

function refused(environment: ResolvedEnvironment, write: PendingWrite): CliError {
  const { name } = environment;
  const word = wordFor(environment, write);
  const done = write.does === 'shows a secret of' ? 'shown' : 'changed';
  return new CliError(
    'CONFIRMATION_REFUSED',
    `Not confirmed: ${reason(environment, write)}. Nothing was ${done}.`,
    [`If you mean it: ${pasteLine(write.argv, '--confirm', word)}`],
  );

  function reason({ protected: isProtected }: ResolvedEnvironment, { word, plan }: PendingWrite) {
    if (word !== undefined) return `this database says that it is ${word}`;
    if (plan && write.given?.startsWith(`${name}:`)) {
      return `the plan is ${plan} by now, not ${write.given.slice(name.length + 1)}`;
    }
    if (isProtected) return `${name} is protected`;
    return `this ${write.does.replace(/ (from|of)$/, '')}`;
  }
}
