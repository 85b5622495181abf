import type { ResolvedEnvironment } from '@spire/access';
import { TransferError } from '@spire/transfer';

/**
 * A protected environment can be a source, never a target.
 *
 * @throws TransferError `TARGET_PROTECTED`
 */
export function requireUnprotected({ name, protected: isProtected }: ResolvedEnvironment): void {
  if (!isProtected) return;
  throw new TransferError(
    'TARGET_PROTECTED',
    `${name} is protected: its rows are never replaced by others', and never emptied.`,
    { suggestions: [`What was backed up of it can be put back: spire db restore FILE -e ${name}`] },
  );
}
