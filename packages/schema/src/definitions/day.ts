import { z } from 'zod';
import { expected } from './expected.ts';

const aDay = expected('a day of the calendar such as "2026-01-31"');
const aMoment = expected('a day such as "2026-01-31", or a moment such as "2026-01-31T06:00:00Z"');

/** A day of the calendar, `YYYY-MM-DD`. */
export const day = z.string(aDay).refine(isDay, aDay);

/** A day, or a moment in ISO 8601, which is UTC where it names no zone. */
export const dayOrMoment = z
  .string(aMoment)
  .refine((text) => isDay(text) || isMoment(text), aMoment);

function isDay(text: string): boolean {
  return z.iso.date().safeParse(text).success;
}

function isMoment(text: string): boolean {
  return z.iso.datetime({ offset: true, local: true }).safeParse(text.replace(' ', 'T')).success;
}
