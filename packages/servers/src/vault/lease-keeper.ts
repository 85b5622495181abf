import { databaseAt } from './database-mount.ts';
import type { DatabaseWork } from './database-work.ts';
import { leaseEnd } from './lease.ts';
import { endLease } from './lease-life.ts';
import { rotateStaticRole, rotationDue } from './static-rotation.ts';
import { wrappingEnd } from './wrapped-response.ts';

/** How long to leave alone what failed. */
const RETRY_MILLIS = 10_000;
/** How long to wait without a look: the machine may sleep, and its clock be set. */
const LONGEST_MILLIS = 60_000;

/** Sees to it that what has an end does end, while the server runs. */
export interface LeaseKeeper {
  /** Does now what is due: leases end, passwords change, what was wrapped is forgotten. */
  sweep(): Promise<void>;
  /** Waits for what is under way, and begins nothing more. */
  stop(): Promise<void>;
}

/** Something to be done once its time has come. */
interface Duty {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly due: number;
  readonly run: () => Promise<unknown>;
}

/** Starts to keep what ends. Its timer keeps no process alive. */
export function keepLeases(work: DatabaseWork): LeaseKeeper {
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> | undefined;
  let stopped = false;
  /** Until when what failed is left alone, by the machine's clock. */
  const retries = new Map<string, number>();

  const millisTo = ({ key, due }: Duty) =>
    Math.max(due - work.now(), (retries.get(key) ?? 0) - Date.now());

  async function run(): Promise<void> {
    clearTimeout(timer);
    // Not in the middle of the change that it was called in.
    await Promise.resolve();
    for (;;) {
      const duties = dutiesOf(work);
      const duty = stopped ? undefined : duties.find((one) => millisTo(one) <= 0);
      if (!duty) {
        sweeping = undefined;
        schedule(duties);
        return;
      }
      await duty.run().then(
        () => retries.delete(duty.key),
        () => retries.set(duty.key, Date.now() + RETRY_MILLIS),
      );
    }
  }

  function schedule(duties: readonly Duty[]): void {
    if (stopped || duties.length === 0) return;
    timer = setTimeout(sweep, Math.min(...duties.map(millisTo), LONGEST_MILLIS));
    timer.unref();
  }

  function sweep(): Promise<void> {
    // One that is under way finds what has come due meanwhile.
    sweeping ??= run();
    return sweeping;
  }

  return {
    sweep,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await sweeping;
    },
  };
}

function dutiesOf(work: DatabaseWork): Duty[] {
  const { storage } = work;
  const { state } = storage;
  const leases = [...state.leases.values()].map((lease) => ({
    key: lease.id,
    due: leaseEnd(state, lease),
    run: () => endLease(work, lease),
  }));
  const rotations = [...state.mounts.keys()].flatMap((mount) =>
    [...(databaseAt(state, mount)?.staticRoles ?? [])].map(([name, role]) => ({
      key: `${mount}static-roles/${name}`,
      due: rotationDue(role),
      run: () => rotateStaticRole(work, mount, name, { ifDue: true }),
    })),
  );
  const wrapped = [...state.wrapped].map(([token, one]) => ({
    key: token,
    due: wrappingEnd(one),
    run: async () => storage.update((next) => next.wrapped.delete(token)),
  }));
  return [...leases, ...rotations, ...wrapped];
}
