import { isConnectionLoss, MigrateError } from '@spire/migrate';
import { TransferError } from './errors.ts';

const NOTHING = 'Nothing was changed.';

/** What to do about what Postgres refuses, by SQLSTATE. */
const REMEDIES: Readonly<Record<string, string>> = {
  '53100': 'Make room on the target: it holds the old tables beside the new ones.',
  '53300': 'Fewer sessions at once will do: --jobs 1',
  '42501': 'Let who may say there: grant create on database ... and on schema public to this user',
  '23503': "Rows of the source refer to what isn't there: mend them there first.",
  '23505': 'Rows of the source are there twice: mend them there first.',
};

/**
 * What made a transfer fail, in our words; errors of ours stay as they are.
 *
 * @param committing whether the answer to COMMIT was waited for: then nobody knows what became of it.
 */
export function transferFailure(error: unknown, environment: string, committing: boolean): unknown {
  if (error instanceof TransferError || error instanceof MigrateError) return error;
  const { message, code } = error as { message: string; code?: string };
  const refused = !isConnectionLoss(error);
  if (!refused && committing) {
    return new TransferError(
      'OUTCOME_UNKNOWN',
      `The connection was lost while ${environment} was swapped: it is complete, or as it was.`,
      {
        suggestions: [`See which, and take it back if you want: spire db undo -e ${environment}`],
        cause: error,
      },
    );
  }
  // What isn't the database's was thrown by whoever called.
  if (!refused && !isLoss(error)) return error;
  const remedy = REMEDIES[code ?? ''];
  return new TransferError(
    'COPY_FAILED',
    `${environment} couldn't be filled: ${message} (${code ?? 'connection lost'}).`,
    { suggestions: [...(remedy ? [remedy] : []), NOTHING], cause: error },
  );
}

function isLoss(error: unknown): boolean {
  const { message = '', code = '' } = error as { message?: string; code?: string };
  return (
    /^(08|57P)/.test(code) ||
    /^(ECONNRESET|EPIPE|ETIMEDOUT|ECONNREFUSED|ERR_STREAM_PREMATURE_CLOSE)$/.test(code) ||
    /terminated|not queryable|connection/i.test(message)
  );
}
