/** What of the target's environment takes the place of the source's own. */
export type TargetValue = 'environment' | 'host' | 'vaultAddress' | 'vaultReadPath';

interface Because {
  /** Why, in a sentence for whoever misses the data. */
  readonly why: string;
}

/** Names whose values have one reason to go. */
export interface RemovedNames extends Because {
  /** What they are names of. */
  readonly of: string;
  /** In any case of letters. `*` stands for anything, `_` for any separator or none: `a_b` is `A-B` and `aB` too. */
  readonly names: readonly string[];
}

/**
 * JSON, edited by names: of keys at any depth, in texts that are JSON too, and of what a text assigns
 * (`name=x`, `name: x`, `--name x`). Secrets that are known by their form go from all texts. The rest comes as
 * it is; so do `true`, `false` and `null`, which tell nothing.
 */
export interface JsonMask extends Because {
  readonly method: 'json';
  /** Go with all that is below them. */
  readonly removed: readonly RemovedNames[];
  /** Get what the target has; go where the target has none. Names are read as those of `removed`. */
  readonly rewritten: { readonly [Value in TargetValue]?: readonly string[] };
}

/**
 * What becomes of a column's values on their way to another database. NULL stays NULL.
 *
 * - `keep`: they come as they are.
 * - `null`: none come.
 * - `empty`: `{}` comes.
 * - `figures`: JSON comes as it is where it holds no text, and its keys are plain names. Where it does, the keys at
 *   its top go that hold one or have another name, and those that do in other rows.
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
