import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/**
 * A value that is never shown: as a string, in JSON, in `util.inspect` and so in logs it reads
 * `[redacted]`. Only `reveal()` gives it.
 *
 * @example
 * const password = new Secret('hunter2');
 * `${password}`;        // '[redacted]'
 * password.reveal();    // 'hunter2'
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Call it where the value is used, and nowhere before. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
