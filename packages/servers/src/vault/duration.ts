import { RequestError } from './request-error.ts';

const SECONDS = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400 };
const PART = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)/g;
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d))+$/;

/**
 * Whole seconds of a duration as Vault takes it: 90, "90", "90s", "1h30m", "2d".
 *
 * @throws RequestError 400 when it is none, or negative.
 */
export function durationSeconds(value: string | number, field: string): number {
  const text = String(value).trim();
  if (text.startsWith('-')) throw new RequestError(400, `${field} must be positive`);
  if (text === '') return 0;
  if (/^\d+$/.test(text)) return Number(text);
  if (!WHOLE.test(text)) throw new RequestError(400, `${field}: invalid duration`);
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(PART)) {
    seconds += Number(amount) * SECONDS[unit as keyof typeof SECONDS];
  }
  return Math.floor(seconds);
}

/** Seconds as Go writes a duration: `0s`, `45s`, `3m0s`, `1h0m0s`. */
export function goDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}

/** The same without what is zero, as Vault's warnings have it: `1h`, `768h`. */
export function shortDuration(seconds: number): string {
  return goDuration(seconds).replace(/m0s$/, 'm').replace(/h0m$/, 'h');
}
