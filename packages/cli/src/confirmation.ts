import { LOCAL, type ResolvedEnvironment } from '@spire/access';
import { CliError } from './errors.ts';
import { pasteLine } from './paste-line.ts';
import { question } from './question.ts';

/** What is going to be done to an environment, in words. */
export type Effect = 'writes to' | 'removes data from' | 'shows a secret of';

/** What is known about a write before it happens. */
export interface PendingWrite {
  readonly does: Effect;
  /** The value of `--confirm`. */
  readonly given: string | undefined;
  /** Whether somebody can be asked. */
  readonly interactive: boolean;
  /** What has to be typed, where that isn't the environment's name; then it is always asked for. */
  readonly word?: string;
  /** The command as it was called, for the line to paste. */
  readonly argv: readonly string[];
}

/** Whether a write to this environment has to be confirmed. */
function needsConfirmation(environment: ResolvedEnvironment, does: Effect): boolean {
  return environment.protected || (does === 'removes data from' && environment.name !== LOCAL);
}

/**
 * Lets a write pass when it needs no confirmation, when `--confirm` names the environment, or when the
 * reader types its name. `local` never asks; others ask for what destroys; a protected one for all.
 *
 * @throws CliError `CONFIRMATION_REFUSED`, with the line to paste.
 */
export async function confirmWrite(
  environment: ResolvedEnvironment,
  write: PendingWrite,
): Promise<void> {
  const { name } = environment;
  const word = write.word ?? name;
  if (write.given !== undefined && write.given !== word) throw refused(environment, write);
  if (write.given === word) return;
  if (write.word === undefined && !needsConfirmation(environment, write.does)) return;
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
  const word = write.word ?? name;
  const why =
    write.word !== undefined
      ? `this database says that it is ${word}`
      : environment.protected
        ? `${name} is protected`
        : 'this removes data';
  const done = write.does === 'shows a secret of' ? 'shown' : 'changed';
  return new CliError('CONFIRMATION_REFUSED', `Not confirmed: ${why}. Nothing was ${done}.`, [
    `If you mean it: ${pasteLine(write.argv, '--confirm', word)}`,
  ]);
}
