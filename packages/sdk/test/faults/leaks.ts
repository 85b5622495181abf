import { subscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { sql } from 'drizzle-orm';
import { channels } from '../../src/channels.ts';
import type { Fault } from './fault.ts';
import { newSecret } from './stage.ts';

const CHANNELS = Object.values(channels).flatMap((channel) =>
  'start' in channel
    ? [channel.start, channel.end, channel.asyncStart, channel.asyncEnd, channel.error]
    : [channel],
);

export const printed: Fault = {
  row: 29,
  title: 'everything is printed, of a run in which everything goes wrong',
  lasts: true,
  variables: { DEBUG: '*' },
  async run(stage) {
    const { open, journal, vault, changePassword, terminate, proxy } = stage;
    const show = (value: unknown) => {
      console.log(inspect(value, { depth: 20 }));
      try {
        console.log(JSON.stringify(value));
      } catch {}
    };
    for (const { name } of CHANNELS) subscribe(name, show);
    const { pool, orm, spire, transaction } = await open();
    const secret = newSecret();
    await journal.strike(() => {});
    const asked: (() => Promise<unknown>)[] = [
      () => pool.query('insert into fault_items values (1, $1)', [secret]),
      () => orm.execute(sql`insert into fault_items values (1, ${secret})`),
      () => orm.execute(sql`select ${secret}::int`),
      () => pool.query('select $1::json', [secret]),
      () => pool.query('select * from nowhere where a = $1', [secret]),
      () => transaction((tx) => tx.execute(sql`insert into fault_items values (1, ${secret})`)),
      () => orm.transaction((tx) => tx.execute(sql`select ${secret}::uuid`)),
    ];
    for (const ask of asked) await journal.attempt(ask);
    // The password is refused, and Vault quotes what it was asked with.
    await changePassword();
    await terminate();
    vault.misbehave = () => ({
      status: 400,
      body: JSON.stringify({ errors: [`bad token ${vault.token}`] }),
    });
    await journal.attempt(() => pool.query('select 1'), 10_000);
    if (spire) await journal.attempt(() => spire.rotateCredentials());
    vault.misbehave = undefined;
    proxy.mode = 'reset';
    await journal.attempt(() => open({ connectMillis: 500 }));
    proxy.mode = 'pass';
    show([pool, spire, spire?.connectionString(), await spire?.healthCheck(), process.argv]);
    return {};
  },
};

const ROUNDS = 1000;
const AT_ONCE = 4;

export const openAndClose: Fault = {
  row: 30,
  title: 'a thousand are opened and closed',
  async run({ open, subjects, journal, vault }) {
    let opened = 0;
    const once = () =>
      journal.attempt(async () => {
        const subject = await open();
        await subject.pool.query('select 1');
        await subject.close();
        (subjects as unknown[]).length = 0;
        vault.requests.length = 0;
      }, 20_000);
    const upTo = async (count: number) => {
      const one = async () => {
        while (opened < count) {
          opened += 1;
          await once();
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, one));
      return inUse();
    };
    await journal.strike(() => {});
    const before = await upTo(ROUNDS / 5);
    const after = await upTo(ROUNDS);
    return {
      opened,
      grownBytes: after.heapBytes - before.heapBytes,
      grownHandles: after.handles - before.handles,
    };
  },
};

/** Memory that is in use after a thorough look, and what the process waits for. */
async function inUse() {
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    globalThis.gc?.();
  }
  return {
    heapBytes: process.memoryUsage().heapUsed,
    handles: process.getActiveResourcesInfo().length,
  };
}
