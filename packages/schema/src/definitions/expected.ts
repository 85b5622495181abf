const SHOWN_CHARACTERS = 40;

/** What zod tells about a value that it refuses. */
interface Refused {
  readonly code?: string | undefined;
  readonly input?: unknown;
  readonly keys?: readonly string[];
}

/**
 * Zod's `error` option for "expected this, got that".
 *
 * @param shape what would be right, with an example where words don't suffice.
 */
export const expected = (shape: string) => ({
  error: (refused: Refused) => `expected ${shape}, got ${shown(refused.input)}`,
});

/** The same for a value that may be a secret: only what kind of value it is. */
export const expectedSecret = (shape: string) => ({
  error: (refused: Refused) => `expected ${shape}, got ${kind(refused.input)}`,
});

/**
 * The same for an object with no keys but the known ones.
 *
 * @param keys the known ones in words.
 */
export const expectedKeys = (shape: string, keys: string) => ({
  error: (refused: Refused) =>
    refused.code === 'unrecognized_keys'
      ? `expected no keys but ${keys}, got ${(refused.keys ?? []).slice(0, 5).map(quoted).join(', ')}`
      : `expected ${shape}, got ${shown(refused.input)}`,
});

/** The same for objects that are told apart by their `logic`. */
export const expectedLogic = (shape: string, logics: readonly string[]) => ({
  error: ({ code, input }: Refused) =>
    code === 'invalid_union'
      ? `expected ${words(logics)}, got ${shown((input as { logic?: unknown }).logic)}`
      : `expected ${shape}, got ${shown(input)}`,
});

/**
 * Texts to choose from, in words.
 *
 * @example
 * words(['cron', 'countdown']); // '"cron" or "countdown"'
 */
export function words(texts: readonly string[]): string {
  const all = texts.map(quoted);
  return all.length > 1 ? `${all.slice(0, -1).join(', ')} or ${all.at(-1)}` : all.join();
}

/**
 * A value for a message: one line, never a whole object, at most 40 characters of a text.
 *
 * @example
 * shown('every day'); // '"every day"'
 * shown({a: 1}); // 'an object'
 */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return kind(value);
}

/** A text in quotes, cut, with everything escaped that could move a terminal's cursor. */
export function quoted(text: string): string {
  const start = Array.from(text.slice(0, 2 * SHOWN_CHARACTERS));
  const cut = start.length > SHOWN_CHARACTERS;
  const kept = cut ? `${start.slice(0, SHOWN_CHARACTERS).join('')}…` : text;
  return JSON.stringify(kept).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function kind(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}
