import type { ObjectKind } from './catalogue.ts';

/** In which order a script runs: what depends goes first, and comes back last. */
const STAGES = [
  'revoke',
  'drop view',
  'drop foreign key',
  // Its own foreign keys, which rest on constraints that go, go with it.
  'drop table',
  'drop constraint',
  'drop index',
  'drop column',
  'schema',
  'type',
  'sequence',
  'table',
  'table settings',
  'column',
  'drop sequence',
  'drop type',
  'drop schema',
  'sequence owner',
  'constraint',
  'view',
  'index',
  'foreign key',
  'grant',
] as const;

/** A part of the closing script. */
export type Stage = (typeof STAGES)[number];

/** A statement, and where in a script it stands. */
export interface Step {
  readonly sql: string;
  readonly order: number;
  readonly losesData: boolean;
}

/**
 * A statement of a stage.
 *
 * @param level of what it makes or drops: what has more is made later and dropped earlier.
 */
export function step(
  stage: Stage,
  sql: string,
  { level = 0, losesData = false }: { level?: number; losesData?: boolean } = {},
): Step {
  const drops = stage.startsWith('drop');
  return { sql, order: STAGES.indexOf(stage) * 10_000 + (drops ? -level : level), losesData };
}

/** Where an actual database isn't what is expected. */
export interface Difference {
  readonly kind: ObjectKind;
  /** With its schema unless that is `public`, never quoted. */
  readonly name: string;
  /** The table that it is a part of. */
  readonly table?: string;
  readonly change: 'missing' | 'extra' | 'changed';
  /** For people, without a full stop. */
  readonly words: string;
  /** What brings the actual database to the expected; empty where that can't be told. */
  readonly sql: readonly string[];
  /** The SQL drops a table or a column, or makes a type narrower. */
  readonly losesData: boolean;
  /** `sql` with what `closingSql` needs to put several differences in order. */
  readonly steps: readonly Step[];
}
