import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultDirection } from '@spire/servers';
import type { Stage } from './soak-stage.ts';

/** Something that goes wrong, and is right again when it has run. */
export interface SoakFault {
  readonly name: string;
  strike(stage: Stage): Promise<unknown>;
}

const network = (
  name: string,
  mode: 'reset' | 'blackhole' | 'delay' | 'half-close',
  millis: number,
): SoakFault => ({
  name,
  async strike({ proxy }) {
    proxy.mode = mode;
    await sleep(millis);
    proxy.mode = 'pass';
  },
});

/** Ends each connection that says this, before it is heard. */
const unheard = (name: string, direction: FaultDirection, words: string): SoakFault => ({
  name,
  async strike({ proxy }) {
    proxy.tap = (from, chunk) =>
      from === direction && chunk.includes(words) ? 'reset' : undefined;
    await sleep(1000);
    proxy.tap = undefined;
  },
});

/** In the order in which they strike, again and again. */
export const FAULTS: readonly SoakFault[] = [
  { name: 'RST on every connection', strike: async ({ proxy }) => proxy.reset() },
  { name: 'one backend ended', strike: (stage) => stage.terminate(1) },
  network('silence for 4 s', 'blackhole', 4000),
  unheard('COMMIT never arrives for 1 s', 'client', 'commit'),
  { name: 'all backends ended', strike: (stage) => stage.terminate() },
  {
    name: 'password changed, all backends ended',
    async strike(stage) {
      await stage.changePassword();
      await stage.publishPassword();
      await stage.terminate();
    },
  },
  unheard('answer to COMMIT never arrives for 1 s', 'server', 'COMMIT'),
  network('RST to whoever connects for 1 s', 'reset', 1000),
  network('100 ms more each way for 3 s', 'delay', 3000),
  {
    name: 'Vault down for 3 s, all backends ended',
    async strike(stage) {
      await stage.withoutVault(async () => {
        await stage.terminate();
        await sleep(3000);
      });
    },
  },
  { name: 'server restarted', strike: (stage) => stage.restart() },
  { name: 'server crashed and came back', strike: (stage) => stage.restart('SIGQUIT') },
  network('half-close for 1 s', 'half-close', 1000),
  {
    name: 'password changed, Vault 1 s behind, all backends ended',
    async strike(stage) {
      await stage.changePassword();
      await stage.terminate();
      await sleep(1000);
      await stage.publishPassword();
    },
  },
];
