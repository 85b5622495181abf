import { accessRules, ROOT_RULES } from './access-rules.ts';
import type { Caller } from './engine.ts';
import { parsePolicy } from './policy-document.ts';
import type { VaultState } from './state.ts';
import { liveToken } from './token-life.ts';

/** Who holds a token, and what its policies allow together; undefined when it doesn't live. */
export function callerOf(state: VaultState, id: string, now: number): Caller | undefined {
  const token = liveToken(state, id, now);
  if (!token) return undefined;
  if (token.policies.includes('root')) return { token, rules: ROOT_RULES };
  const documents = token.policies.map((name) => state.policies.get(name) ?? '');
  return { token, rules: accessRules(documents.flatMap(parsePolicy)) };
}
