import { AccessError } from '@spire/access';
import { SpireDBError } from '@spire/sdk';
import { type ErrorReport, reportOf } from '../../render/error.ts';
import { inTime } from '../in-time.ts';

/** The hops on the way from a file to the data, in their order. Names are stable. */
export const HOPS = [
  'config',
  'variables',
  'vault',
  'token',
  'policy',
  'secret',
  'dns',
  'tcp',
  'tls',
  'authentication',
  'role',
  'server',
  'fingerprint',
  'clock',
] as const;

export type HopName = (typeof HOPS)[number];

/** How one hop went. */
export interface HopReport {
  readonly name: HopName;
  readonly state: 'ok' | 'broken' | 'skipped';
  readonly millis: number;
  /** What was found in words, or why it was skipped; empty when it is broken. */
  readonly found: string;
  readonly problem: ErrorReport | null;
  /** Where the docs say more. */
  readonly page: string;
}

/** What a hop found: something for the next ones, and words for the reader. */
export interface Finding<T> {
  readonly value: T;
  readonly found: string;
}

/** Ends the walk: everything behind a broken hop would break too. */
class Broken extends Error {}

/** How long one hop may take. */
const HOP_MILLIS = 5000;

/** How long one answer may take: less than a hop, so that the hop can say what it was that didn't come. */
export const ANSWER_MILLIS = 4000;

/** Told of each hop when it begins and when it has ended. */
export interface HopListener {
  readonly onBegin?: (name: HopName) => void;
  readonly onEnd?: (report: HopReport) => void;
}

/** Walks hops and keeps a report of each. */
export class Walk {
  readonly hops: HopReport[] = [];
  readonly #listener: HopListener;

  constructor(listener: HopListener) {
    this.#listener = listener;
  }

  /** Examines a hop. What it throws is its problem, and ends the walk; so does one that takes too long. */
  async hop<T>(name: HopName, examine: () => Promise<Finding<T>>): Promise<T> {
    this.#listener.onBegin?.(name);
    const started = performance.now();
    const report = (state: HopReport['state'], found: string, problem: ErrorReport | null) =>
      this.#keep({ name, state, millis: performance.now() - started, found, problem });
    try {
      const { value, found } = await inTime(examine(), HOP_MILLIS, () => tookTooLong(name));
      report('ok', found, null);
      return value;
    } catch (error) {
      report('broken', '', reportOf(error));
      throw new Broken();
    }
  }

  skip(name: HopName, why: string): void {
    this.#keep({ name, state: 'skipped', millis: 0, found: why, problem: null });
  }

  /** Runs a walk to its end or to the first broken hop. @returns the broken hop. */
  async run(walk: () => Promise<void>): Promise<HopReport | undefined> {
    try {
      await walk();
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
    }
    return this.hops.find(({ state }) => state === 'broken');
  }

  #keep(report: Omit<HopReport, 'page'>): void {
    const millis = Math.round(report.millis);
    const page = `docs/reference/cli/doctor.md#${report.name}`;
    const whole = { ...report, millis, page };
    this.hops.push(whole);
    this.#listener.onEnd?.(whole);
  }
}

const ASKS_VAULT: readonly HopName[] = ['vault', 'token', 'policy', 'secret'];

function tookTooLong(name: HopName): AccessError | SpireDBError {
  const message = `${name} took longer than ${HOP_MILLIS / 1000} s.`;
  const suggestions = [
    'Something on the way is slow, or drops what is sent: look at the VPN, and try again.',
  ];
  return ASKS_VAULT.includes(name)
    ? new AccessError('VAULT_UNAVAILABLE', message, { suggestions })
    : new SpireDBError('CONNECTION_FAILED', message, { suggestions });
}
