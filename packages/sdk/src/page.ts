import { SpireDBError } from './errors.ts';

const DEFAULT_SIZE = 50;
const LARGEST_SIZE = 500;

/**
 * How many rows a page has: 50 unless asked otherwise, 500 at most.
 *
 * @throws SpireDBError `INVALID_INPUT`.
 */
export function pageSize(limit: number | undefined): number {
  if (limit === undefined) return DEFAULT_SIZE;
  if (Number.isInteger(limit) && limit >= 1 && limit <= LARGEST_SIZE) return limit;
  throw new SpireDBError(
    'INVALID_INPUT',
    `limit: expected a whole number from 1 to ${LARGEST_SIZE}.`,
  );
}

/** Whether a text is a UUID, in any of its versions. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}

/** @throws SpireDBError `INVALID_INPUT` for what isn't a UUID; Postgres would refuse it less kindly. */
export function requireUuid(id: string): void {
  if (isUuid(id)) return;
  throw new SpireDBError(
    'INVALID_INPUT',
    `id: expected a UUID, got ${JSON.stringify(id.slice(0, 40))}.`,
    {
      suggestions: ['To look a workflow up by its name, use the name: spire workflows list'],
    },
  );
}

/** @throws SpireDBError `INVALID_INPUT` for what isn't a day of the calendar, `YYYY-MM-DD`. */
export function requireDay(day: string): void {
  const moment = /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(`${day}T00:00:00Z`) : undefined;
  // 30 February reads as 2 March.
  if (moment && !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(day)) return;
  throw new SpireDBError(
    'INVALID_INPUT',
    `argDate: expected a day such as 2026-01-31, got ${JSON.stringify(day.slice(0, 40))}.`,
  );
}
