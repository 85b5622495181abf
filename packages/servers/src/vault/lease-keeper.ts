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
  let stopped = false;
  const running = new Map<string, Promise<void>>();
  /** Until when what failed is left alone, by the machine's clock. */
  const retries = new Map<string, number>();

  const millisTo = ({ key, due }: Duty) =>
    Math.max(due - work.now(), (retries.get(key) ?? 0) - Date.now());

  async function sweep(): Promise<void> {
    clearTimeout(timer);
    if (stopped) return;
    let next = Number.POSITIVE_INFINITY;
    for (const duty of dutiesOf(work)) {
      if (running.has(duty.key)) continue;
      const millis = millisTo(duty);
      if (millis <= 0) running.set(duty.key, run(duty));
      else next = Math.min(next, millis);
    }
    if (next < Number.POSITIVE_INFINITY) {
      timer = setTimeout(sweep, Math.min(next, LONGEST_MILLIS)).unref();
    }
    await Promise.all(running.values());
  }

  async function run({ key, run: perform }: Duty): Promise<void> {
    try {
      await perform();
      retries.delete(key);
    } catch {
      retries.set(key, Date.now() + RETRY_MILLIS);
    }
    running.delete(key);
    void sweep();
  }

  return {
    sweep,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await Promise.all(running.values());
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
