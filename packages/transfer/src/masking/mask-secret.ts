import type { Session } from '../session.ts';

/**
 * SQL: the key of the hashes, asked for once a query. NULL where there is none, so that nothing comes rather
 * than what anybody can work out.
 */
const KEY = `(select convert_to(nullif(current_setting('spire.mask_secret'), ''), 'UTF8'))`;

/**
 * Lets the session's transaction mask: the same secret gives the same values. It is sent as a parameter, and
 * forgotten when the transaction ends.
 *
 * @param secret long and random, or the masked values can be guessed.
 * @example
 * await session.query('begin isolation level repeatable read read only');
 * await setMaskSecret(session, randomBytes(32).toString('hex'));
 */
export async function setMaskSecret(session: Session, secret: string): Promise<void> {
  await session.query(`select set_config('spire.mask_secret', $1, true)`, [secret]);
}

/** SQL: 64 digits, the same for the same value. NULL for NULL. */
export function keyedHash(value: string): string {
  return `encode(sha256(${KEY} || sha256(${KEY} || convert_to(${value}::text, 'UTF8'))), 'hex')`;
}
