import { z } from 'zod';
import { shown } from './expected.ts';

const DEPTH = 100;
const VALUES = 1_000_000;
const NUL = "expected texts without the NUL character, which Postgres can't hold: remove it";

/**
 * A definition that is looked at only after it is known to be a tree that Postgres can hold: not so deep
 * that looking at it, or writing it, exhausts the stack. It comes out as it went in, with every key.
 */
export function jsonTree<Schema extends z.ZodType>(schema: Schema) {
  return z.custom<z.output<Schema>>().superRefine((value, context) => {
    const problem = treeProblem(value);
    if (problem) return context.addIssue({ code: 'custom', message: problem });
    for (const { path, message } of schema.safeParse(value).error?.issues ?? []) {
      context.addIssue({ code: 'custom', path, message });
    }
  });
}

/** Depth first with a stack of our own: a cycle is met as a depth. */
function treeProblem(root: unknown): string | undefined {
  const stack: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  let seen = 0;
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { value, depth } = next;
    seen += 1;
    if (seen > VALUES) return `expected at most ${VALUES} values, got more: split the definition`;
    if (typeof value === 'string' && value.includes('\0')) return NUL;
    if (typeof value !== 'object' || value === null) {
      if (isJson(value)) continue;
      return `expected JSON, got ${shown(value)}`;
    }
    if (depth >= DEPTH) {
      return `expected at most ${DEPTH} levels of nesting, got more: flatten the definition`;
    }
    for (const [key, child] of Object.entries(value)) {
      if (key.includes('\0')) return NUL;
      // Assigned anywhere, this key changes the object instead of its content.
      if (key === '__proto__') return 'expected no key "__proto__": rename it';
      stack.push({ value: child, depth: depth + 1 });
    }
  }
  return undefined;
}

/** Keys without a value are left out when JSON is written. */
function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || ['string', 'boolean', 'undefined'].includes(typeof value);
}
