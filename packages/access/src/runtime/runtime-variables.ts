import { Secret } from '../secret.ts';
import { VALUE_KEYS, VALUE_NAMES } from '../value-names.ts';

/** One variable of a runtime: its value, a reference that only the runtime can resolve, or a hidden one. */
export type RuntimeVariable =
  | { readonly name: string; readonly kind: 'value'; readonly value: Secret }
  /** As it is written there: `{{secrets/scope/key}}`. */
  | { readonly name: string; readonly kind: 'reference'; readonly reference: string }
  | { readonly name: string; readonly kind: 'hidden' };

/** What runs with variables: a process, a cluster, a deployment. */
export interface Runtime {
  /** In words, such as `Databricks cluster etl (0123-456789-abc)`. */
  readonly description: string;
  /** Those that say something of an environment, in the order of `VALUE_NAMES`; no others are kept. */
  readonly variables: readonly RuntimeVariable[];
}

/** Stands for the text of a variable that its runtime doesn't show. */
export const HIDDEN = Symbol('hidden');

/**
 * Of all variables of a runtime, those that Spire knows. Of two with one name the later counts; empty
 * ones, and what isn't text, are not given.
 */
export function knownVariables(given: Iterable<readonly [string, unknown]>): RuntimeVariable[] {
  const texts = new Map(given);
  return [...VALUE_KEYS.flatMap((key) => VALUE_NAMES[key].names), 'DEPLOYMENT_ENV'].flatMap(
    (name): RuntimeVariable[] => {
      const text = texts.get(name);
      if (text === HIDDEN) return [{ name, kind: 'hidden' }];
      if (typeof text !== 'string' || text === '') return [];
      return /^\{\{secrets\/[^/{}\s]+\/[^/{}\s]+\}\}$/.test(text)
        ? [{ name, kind: 'reference', reference: text }]
        : [{ name, kind: 'value', value: new Secret(text) }];
    },
  );
}
