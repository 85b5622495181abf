import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@spire/migrate';
import { TransferError } from './errors.ts';

/** What to do about sessions of others on the target: nothing is begun, they are waited for or ended. */
export type OthersPolicy = 'refuse' | 'wait' | 'terminate';

/** A session of somebody else. */
export interface OtherSession {
  readonly pid: number;
  readonly user: string;
  readonly application: string;
  /** Where it comes from; null: this host. */
  readonly address: string | null;
  readonly state: string;
}

/** What is done about others: they are waited for, which is told once, or were ended. */
export interface OthersStep {
  readonly kind: 'waiting' | 'ended';
  readonly others: readonly OtherSession[];
}

/** How others on the target are treated. */
export interface OthersOptions {
  /** Default: `refuse`. */
  readonly others?: OthersPolicy;
  readonly onStep?: (step: OthersStep) => unknown;
  /** Breaks it off. */
  readonly signal?: AbortSignal;
}

const POLL_MILLIS = 500;
/** For how long those are ended that come again and again. */
const TERMINATE_MILLIS = 5000;

/**
 * Sees to it that nobody else is in the target: rows change under them, and their locks would hold it up.
 *
 * @param own process ids of sessions that aren't others'.
 * @throws TransferError `TARGET_IN_USE`, naming them; `SESSION_DENIED` for those that may not be ended; the
 * signal's reason.
 */
export async function requireAlone(
  target: Client,
  own: Iterable<number>,
  environment: string,
  { others: policy = 'refuse', onStep, signal }: OthersOptions,
): Promise<void> {
  const deadline = performance.now() + TERMINATE_MILLIS;
  const ended = new Set<number>();
  for (let look = 1; ; look += 1) {
    const others = await readOthers(target, own);
    if (others.length === 0) return;
    // Whoever is just leaving is gone at the second look.
    if (policy === 'refuse' && look > 1) throw inUse(environment, others);
    if (policy === 'wait' && look === 1) onStep?.({ kind: 'waiting', others });
    if (policy === 'terminate') {
      if (performance.now() > deadline) throw comeBack(environment, others, ended.size);
      await terminate(target, environment, others);
      const told = others.filter(({ pid }) => !ended.has(pid));
      for (const { pid } of told) ended.add(pid);
      if (told.length > 0) onStep?.({ kind: 'ended', others: told });
    }
    await sleep(POLL_MILLIS, undefined, signal ? { signal } : {}).catch(() =>
      signal?.throwIfAborted(),
    );
  }
}

/** What somebody else's session is may be hidden from this role; that it's there isn't. */
async function readOthers(target: Client, own: Iterable<number>): Promise<OtherSession[]> {
  const { rows } = await target.query(
    `select pid, usename as user, application_name as application, client_addr as address,
       coalesce(state, 'state hidden') as state
     from pg_stat_activity
     where datname = current_database() and usename is not null
       and coalesce(backend_type, 'client backend') = 'client backend'
       and pid <> pg_backend_pid() and pid <> all ($1::int[])
     order by backend_start`,
    [[...own]],
  );
  return rows as unknown as OtherSession[];
}

async function terminate(
  target: Client,
  environment: string,
  others: readonly OtherSession[],
): Promise<void> {
  const denied: OtherSession[] = [];
  for (const other of others) {
    await target.query('select pg_terminate_backend($1)', [other.pid]).catch((error) => {
      if (error.code !== '42501') throw error;
      denied.push(other);
    });
  }
  if (denied.length === 0) return;
  throw new TransferError(
    'SESSION_DENIED',
    `In ${environment} this role may not end ${denied.map(nameOf).join('; ')}. ${endedCount(others.length - denied.length)}.`,
    {
      suggestions: [
        'Whose session it is may end it, and so may a member of pg_signal_backend; a superuser’s only another superuser.',
        'Or wait until they have left: --wait',
        'Nothing was changed.',
      ],
    },
  );
}

function inUse(environment: string, others: readonly OtherSession[]): TransferError {
  return new TransferError(
    'TARGET_IN_USE',
    `Others work in ${environment}: ${others.map(nameOf).join('; ')}.`,
    {
      suggestions: [
        'Wait until they have left: --wait',
        'End their sessions: --terminate',
        'Nothing was changed.',
      ],
    },
  );
}

function comeBack(
  environment: string,
  others: readonly OtherSession[],
  ended: number,
): TransferError {
  return new TransferError(
    'TARGET_IN_USE',
    `Others come back to ${environment}. ${endedCount(ended)} within ${TERMINATE_MILLIS / 1000} s, and there are: ${others.map(nameOf).join('; ')}.`,
    {
      suggestions: [
        'Stop what connects again, such as a service or an open tool, and run this again.',
        'Or wait until they have left: --wait',
        'Nothing was changed.',
      ],
    },
  );
}

const endedCount = (count: number) =>
  count === 0
    ? 'No session was ended'
    : `${count} ${count === 1 ? 'session was' : 'sessions were'} ended`;

function nameOf({ pid, user, application, address, state }: OtherSession): string {
  return `${user} from ${address ?? 'this host'} (${application || 'unnamed'}, pid ${pid}, ${state})`;
}
