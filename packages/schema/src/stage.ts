/** The parts of a workflow's life, in order of dependence: each needs the ones before it. */
export const STAGES = ['assembly', 'training', 'scoring', 'postprocessing'] as const;

/** One part of a workflow's life, spelled as the database spells it. */
export type Stage = (typeof STAGES)[number];

/**
 * Whether a text is the name of a stage, in the one spelling that there is.
 *
 * @example
 * isStage('training'); // true
 * isStage('TRAINING'); // false
 */
export function isStage(value: string): value is Stage {
  return (STAGES as readonly string[]).includes(value);
}
