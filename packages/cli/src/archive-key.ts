import { readFileSync } from 'node:fs';
import type { Key, Lock } from '@spire/transfer';
import { callerPath } from './called-as.ts';
import { CliError } from './errors.ts';
import { hiddenQuestion } from './hidden-question.ts';

/** Holds a passphrase where nobody can be asked; an argument would show it to everybody on the machine. */
const VARIABLE = 'SPIRE_BACKUP_PASSPHRASE';

/**
 * For whom an archive is encrypted. A passphrase is asked for twice.
 *
 * @throws CliError `USAGE` when nobody can be asked, or the two differ.
 */
export async function lockFor(flags: {
  readonly encrypt: boolean;
  readonly recipient?: readonly string[] | undefined;
}): Promise<Lock | undefined> {
  if (flags.recipient) return { recipients: flags.recipient };
  if (!flags.encrypt) return undefined;
  const given = process.env[VARIABLE];
  if (given) return { passphrase: given };
  const passphrase = await ask('Passphrase: ');
  if (passphrase === (await ask('Once more: '))) return { passphrase };
  throw new CliError('USAGE', 'The two passphrases differ.', ['Nothing was written. Try again.']);
}

/**
 * What opens an archive: the identity in a file, else its passphrase, which is asked for.
 *
 * @throws CliError `USAGE` when nobody can be asked, or the file holds no identity.
 */
export async function keyFor(flags: { readonly identity?: string | undefined }): Promise<Key> {
  if (flags.identity !== undefined) return { identity: readIdentity(callerPath(flags.identity)) };
  return { passphrase: process.env[VARIABLE] || (await ask('Passphrase of the archive: ')) };
}

async function ask(prompt: string): Promise<string> {
  const answer = process.stdin.isTTY && process.stderr.isTTY ? await hiddenQuestion(prompt) : '';
  if (answer !== '') return answer;
  throw new CliError('USAGE', 'No passphrase was given.', [
    'Type it where it is asked for, on a terminal.',
    `Or put it into the variable ${VARIABLE}.`,
  ]);
}

/** A file as `age-keygen` writes it, with comments. */
function readIdentity(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError('USAGE', `--identity: ${file} can't be read (${code}).`);
  }
  const identity = /^AGE-SECRET-KEY-\S+$/m.exec(text)?.[0];
  if (identity) return identity;
  throw new CliError('USAGE', `--identity: ${file} holds no identity of age.`, [
    'It has a line that begins with AGE-SECRET-KEY-1, as age-keygen writes it.',
  ]);
}
