/** What of the target's environment takes the place of the source's own. */
export type TargetValue = 'environment' | 'host' | 'vaultAddress' | 'vaultReadPath';

interface Because {
  /** Why, in a sentence for whoever misses the data. */
  readonly why: string;
}

/** JSON, edited by the names of keys at any depth. The rest comes as it is. */
export interface JsonMask extends Because {
  readonly method: 'json';
  /** Goes with all that is below it. A `*` stands for any part of a name, in any case of letters. */
  readonly removed: readonly string[];
  /** Gets what the target has; goes where the target has none. */
  readonly rewritten: Readonly<Record<string, TargetValue>>;
}

/**
 * What becomes of a column's values on their way to another database. NULL stays NULL.
 *
 * - `keep`: they come as they are.
 * - `null`: none come.
 * - `empty`: `{}` comes.
 * - `figures`: JSON comes as it is where it holds no text, and its keys are plain names; where it does, only
 *   the numbers, `true`, `false` and `null` at its top.
 * - `number`: a `bigint` becomes another safe integer.
 * - `label`: a text becomes the prefix and 16 digits.
 * - `json`: see `JsonMask`.
 * - `pause`: they come as they are, but nothing runs by them unless that is asked for.
 *
 * `number` and `label` give the same for the same value, so that what was equal stays equal.
 */
export type Mask =
  | 'keep'
  | ({ readonly method: 'null' | 'empty' | 'figures' | 'number' | 'pause' } & Because)
  | ({ readonly method: 'label'; readonly prefix: string } & Because)
  | JsonMask;

/** Whether a table's rows come, and what becomes of each column. */
export type TableMasks<Column extends string = string> =
  | { readonly rows: 'keep'; readonly columns: Readonly<Record<Column, Mask>> }
  | ({ readonly rows: 'drop' } & Because);
