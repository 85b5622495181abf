import { retryRenewalDelay, startTimer } from './lease-policy.ts';

/** What has to be done again when its time has come, and later when it failed. */
export class Renewal {
  #stop = () => {};
  /** How often it failed in a row. */
  #failures = 0;
  #ended = false;

  /** @param millis from now; undefined: it needs no renewal. */
  plan(millis: number | undefined, run: () => Promise<unknown>): void {
    this.#failures = 0;
    this.#start(millis, run);
  }

  tryLater(run: () => Promise<unknown>): void {
    this.#failures += 1;
    this.#start(retryRenewalDelay(this.#failures), run);
  }

  /** Nothing is planned any more, whoever asks for it. */
  end(): void {
    this.#stop();
    this.#ended = true;
  }

  #start(millis: number | undefined, run: () => Promise<unknown>): void {
    this.#stop();
    if (this.#ended || millis === undefined) return;
    this.#stop = startTimer(millis, run);
  }
}
