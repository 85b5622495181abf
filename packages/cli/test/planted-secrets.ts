import { randomBytes } from 'node:crypto';

const random = (bytes: number) => randomBytes(bytes).toString('hex');

/** Secrets that nobody should ever see again, and whether a text shows one of them. */
export class PlantedSecrets {
  /** Is in all of them three times, so that a text has to be searched for little. */
  readonly #mark = random(5);
  readonly #traces = tracesOf(this.#mark);
  readonly #names = new Map<string, string>();

  /**
   * Makes a secret.
   *
   * @param around what stands around its random part, such as characters that have to be quoted.
   */
  plant(name: string, around: readonly [before: string, after: string] = ['', '']): string {
    const parts = [random(6), random(6)];
    for (const part of parts) this.#names.set(part, name);
    return around[0] + ['', ...parts, ''].join(this.#mark) + around[1];
  }

  /** The names of those that a text shows, whole or in part, as they are or encoded. */
  shownIn(text: string): string[] {
    if (!this.#traces.some((trace) => text.includes(trace))) return [];
    const named = [...this.#names].flatMap(([part, name]) =>
      tracesOf(part).some((trace) => text.includes(trace)) ? [name] : [],
    );
    return named.length > 0 ? [...new Set(named)] : ['a part of a secret'];
  }
}

/**
 * How letters and digits look in a text. They are the same when percent-encoded, in JSON, or quoted for a
 * shell; in base64 it depends on how many bytes stand before them.
 */
function tracesOf(part: string): string[] {
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.from(' '.repeat(offset) + part).toString('base64');
    return encoded.slice(Math.ceil((offset * 4) / 3), Math.floor(((offset + part.length) * 4) / 3));
  });
  return [part, Buffer.from(part).toString('hex'), ...base64];
}
