import { z } from 'zod';
import { expected } from './expected.ts';

/** A text that Postgres can hold. */
export const text = z
  .string(expected('a text'))
  .refine(
    (value) => isStorable(value),
    expected('a text without the NUL character or half characters'),
  );

/**
 * A name: one line of 1 to so many characters, without control characters, and without spaces at its ends,
 * which are refused and not removed.
 */
export function nameOf(characters: number) {
  const one = expected(`a name of 1 to ${characters} characters`);
  return z
    .string(one)
    .refine((value) => value !== '' && Array.from(value).length <= characters, {
      ...one,
      abort: true,
    })
    .refine((value) => value === value.trim(), expected('a name without spaces at its ends'))
    .refine(
      (value) => isStorable(value) && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value),
      expected('a name without control characters'),
    );
}

/** Postgres has no NUL, and a half of a surrogate pair would silently become another character. */
function isStorable(value: string): boolean {
  return !value.includes('\0') && value.isWellFormed();
}
