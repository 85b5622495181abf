import type { Account } from './journal.ts';
import type { Side } from './subject.ts';

/** What one run in a process of its own has to say. */
export interface Report extends Account {
  readonly row: number;
  readonly title: string;
  readonly side: Side;
  readonly lasts: boolean;
  readonly facts: Readonly<Record<string, unknown>>;
  /** Requests to Vault since the fault. */
  readonly vaultRequests: number;
  readonly uncaught: readonly string[];
  readonly unhandled: readonly string[];
  /** Connections that nobody has and nobody gets: of the pool, when nothing was running any more. */
  readonly leakedSlots: number;
  /** How often `idle + active = total <= max` didn't hold. */
  readonly miscounts: number;
  /** Whether the subject could be closed in time. */
  readonly closed: boolean;
  /** Sessions in Postgres after that. */
  readonly sessionsLeft: number;
  /** How many errors had a secret or a parameter in them, and what was printed too. */
  readonly secretsSeen: number;
  /** Whether the process ended by itself, and with which code. */
  readonly exit: number | 'lingers';
}

/** What a process is told to do. */
export interface Order {
  readonly family: string;
  readonly fault: string;
  readonly side: Side;
  /** The superuser's way to a Postgres that runs, and the database in it to be cloned. */
  readonly postgresUrl: string;
  readonly template: string;
}

/** What the process says itself. */
export type OwnReport = Omit<Report, 'exit'>;
