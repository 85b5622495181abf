import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Cost, Opening, Request, Shown } from './contender-process.ts';

/** A contender in a process of its own, connected. */
export class ContenderChild implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(opening: Opening): Promise<ContenderChild> {
    // The address with its password goes through the channel: arguments can be read by others.
    const child = fork(join(import.meta.dirname, 'contender-process.ts'), {
      execArgv: ['--expose-gc'],
      serialization: 'advanced',
    });
    const started = new ContenderChild(child);
    await started.#ask(opening);
    return started;
  }

  /** What it reads. */
  show(id: string): Promise<Shown> {
    return this.#ask({ show: id });
  }

  /** What a workload costs it; see {@link Request}. */
  measure(workload: number, times: number, atOnce: number): Promise<Cost> {
    return this.#ask({ measure: workload, times, atOnce });
  }

  async #ask<T>(request: Opening | Request): Promise<T> {
    this.#child.send(request);
    const ended = new AbortController();
    const [answer] = await Promise.race([
      once(this.#child, 'message', ended),
      once(this.#child, 'exit', ended),
    ]);
    ended.abort();
    if (this.#child.exitCode !== null) throw new Error("A contender's process ended.");
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }
}
