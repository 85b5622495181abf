import { open } from 'node:fs/promises';
import type { ReadableStream } from 'node:stream/web';
import { Decrypter, Encrypter } from 'age-encryption';
import { TransferError } from '../errors.ts';

/** For whom an archive is encrypted: who knows a passphrase, or who holds the identity of a recipient. */
export type Lock = { readonly passphrase: string } | { readonly recipients: readonly string[] };

/** What opens an encrypted archive: its passphrase, or an identity (`AGE-SECRET-KEY-1...`). */
export type Key = { readonly passphrase: string } | { readonly identity: string };

/** How a file of age begins. */
export const AGE_MAGIC = Buffer.from('age-encryption.org/v1');

/**
 * Whether a file is encrypted; one that can't be read isn't.
 *
 * @example
 * const key = (await isEncrypted(file)) ? { passphrase: await ask() } : undefined;
 */
export async function isEncrypted(file: string): Promise<boolean> {
  try {
    await using handle = await open(file);
    const { buffer } = await handle.read(Buffer.alloc(AGE_MAGIC.length));
    return buffer.equals(AGE_MAGIC);
  } catch {
    return false;
  }
}

/**
 * Says who can read what is encrypted.
 *
 * @throws TransferError `RECIPIENT_INVALID`
 */
export function encrypterFor(lock: Lock): Encrypter {
  const encrypter = new Encrypter();
  if ('passphrase' in lock) encrypter.setPassphrase(lock.passphrase);
  else for (const recipient of lock.recipients) addRecipient(encrypter, recipient);
  return encrypter;
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  try {
    encrypter.addRecipient(recipient);
  } catch (cause) {
    throw new TransferError('RECIPIENT_INVALID', 'A recipient of age begins with age1.', {
      suggestions: [
        'Make one, and keep the identity that belongs to it: age-keygen -o identity.txt',
      ],
      cause,
    });
  }
}

/**
 * Opens what age encrypted.
 *
 * @throws TransferError `ARCHIVE_LOCKED`, where the key isn't the one, or there is none.
 */
export async function decrypt(
  encrypted: ReadableStream<Uint8Array>,
  key: Key | undefined,
): Promise<ReadableStream<Uint8Array>> {
  if (!key) throw locked('This archive is encrypted.');
  const decrypter = new Decrypter();
  try {
    if ('passphrase' in key) decrypter.addPassphrase(key.passphrase);
    else decrypter.addIdentity(key.identity);
  } catch (cause) {
    throw locked("This isn't an identity of age.", cause);
  }
  try {
    return await decrypter.decrypt(encrypted);
  } catch (cause) {
    // What is damaged says so in other words.
    if (!/no identity matched/.test((cause as Error).message)) throw cause;
    throw locked(
      `The ${'passphrase' in key ? 'passphrase' : 'identity'} doesn't open this archive.`,
    );
  }
}

function locked(message: string, cause?: unknown): TransferError {
  return new TransferError('ARCHIVE_LOCKED', message, {
    suggestions: ['Give the passphrase that it was made with, or the identity of a recipient.'],
    cause,
  });
}
