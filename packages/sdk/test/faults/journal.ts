/** What became of something that a subject was asked for. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T; readonly millis: number }
  | {
      readonly ok: false;
      /** The code of the error, or the words of one that has none; `hangs` when nothing came. */
      readonly code: string;
      readonly error: unknown;
      readonly millis: number;
    };

interface Entry {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly ok: boolean;
  readonly code: string | undefined;
}

/** How a fault went, in figures. */
export interface Account {
  readonly total: number;
  readonly failed: number;
  /** From the fault to the first caller who heard of it. */
  readonly detectionMillis: number | undefined;
  /** From the fault, or from its end where it had to end first, to the first success after the last failure. */
  readonly recoveryMillis: number | undefined;
  /** How often which failure was. */
  readonly codes: Readonly<Record<string, number>>;
}

const round = (millis: number) => Math.round(millis * 10) / 10;

/** Keeps what was asked and what came of it, around one fault. */
export class Journal {
  readonly #entries: Entry[] = [];
  readonly #judge: (error: unknown) => void;
  #strikeAt: number | undefined;
  #strikeEndAt: number | undefined;
  #healedAt: number | undefined;
  #noticedAt: number | undefined;

  /** @param judge sees each error. */
  constructor(judge: (error: unknown) => void) {
    this.#judge = judge;
  }

  /** The fault begins. What was asked before doesn't count. */
  async strike(fault: () => unknown): Promise<void> {
    this.#strikeAt = performance.now();
    await fault();
    this.#strikeEndAt = performance.now();
  }

  /** The fault ends: nobody can recover before. */
  heal(end: () => unknown = () => {}): void {
    this.#healedAt = performance.now();
    end();
  }

  /** It was noticed, though nobody had to be told. */
  notice(): void {
    this.#noticedAt ??= performance.now();
  }

  /** Milliseconds since the fault began. */
  get sinceStrike(): number {
    return performance.now() - (this.#strikeAt ?? 0);
  }

  /** Asks for something, and waits for so long. */
  async attempt<T>(run: () => Promise<T>, patienceMillis = 3000): Promise<Outcome<T>> {
    const startedAt = performance.now();
    const { promise, resolve } = Promise.withResolvers<'hangs'>();
    const timer = setTimeout(resolve, patienceMillis, 'hangs');
    let outcome: Outcome<T>;
    try {
      const value = await Promise.race([run(), promise]);
      const millis = performance.now() - startedAt;
      outcome =
        value === 'hangs'
          ? { ok: false, code: 'hangs', error: undefined, millis }
          : { ok: true, value: value as T, millis };
    } catch (error) {
      this.#judge(error);
      outcome = { ok: false, code: codeOf(error), error, millis: performance.now() - startedAt };
    }
    clearTimeout(timer);
    const { ok } = outcome;
    const code = outcome.ok ? undefined : outcome.code;
    this.#entries.push({ startedAt, endedAt: performance.now(), ok, code });
    return outcome;
  }

  /** Asks at a rate, whether answers come or not. */
  async load(perSecond: number, whileTrue: () => boolean, run: () => Promise<unknown>) {
    const running: Promise<Outcome<unknown>>[] = [];
    const started = performance.now();
    while (whileTrue()) {
      const due = started + (running.length * 1000) / perSecond;
      const wait = due - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      running.push(this.attempt(run));
    }
    return Promise.all(running);
  }

  /** How many failed that began after the fault was over, with so much allowance. */
  failedLater(allowanceMillis: number): number {
    const from = (this.#healedAt ?? this.#strikeEndAt ?? 0) + allowanceMillis;
    return this.#entries.filter(({ ok, startedAt }) => !ok && startedAt > from).length;
  }

  get account(): Account {
    const strikeAt = this.#strikeAt ?? 0;
    const entries = this.#entries
      .filter(({ endedAt }) => endedAt >= strikeAt)
      .sort((a, b) => a.endedAt - b.endedAt);
    const failures = entries.filter(({ ok }) => !ok);
    const codes: Record<string, number> = {};
    for (const { code = '' } of failures) codes[code] = (codes[code] ?? 0) + 1;
    const from = this.#healedAt ?? strikeAt;
    const lastFailure = failures.at(-1)?.endedAt ?? 0;
    const success = entries.find(({ ok, endedAt }) => ok && endedAt > Math.max(lastFailure, from));
    const noticedAt = failures.find(({ code }) => code !== 'hangs')?.endedAt ?? this.#noticedAt;
    return {
      total: entries.length,
      failed: failures.length,
      detectionMillis: noticedAt === undefined ? undefined : round(noticedAt - strikeAt),
      recoveryMillis: success && round(success.endedAt - from),
      codes,
    };
  }
}

/** The first code in an error or what caused it; else its words, of which some name what was sent. */
export function codeOf(error: unknown): string {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as NodeJS.ErrnoException;
    if (code) return code;
    if (!(current.cause instanceof Error))
      return current.message.split('\n')[0]?.slice(0, 80) ?? '';
  }
  return String(error).slice(0, 80);
}
