import type { Stage } from './stage.ts';

/** What can become of a run, whatever its stage. */
export const RUN_STATUSES = ['pending', 'running', 'success', 'failed'] as const;

/** What became of a run, whatever its stage. */
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Scoring tells its errors apart: lower snake case with `error` in it, such as `model_load_error`. */
export type ScoringErrorStatus = `${string}error${string}`;

/** The status of a history row. */
export type HistoryStatus = RunStatus | ScoringErrorStatus;

/** What a scoring error looks like, for JavaScript and for Postgres alike. */
export const SCORING_ERROR_PATTERN = '^[a-z0-9_]*error[a-z0-9_]*$';

/**
 * Whether a history row of this stage may have this status.
 *
 * @example
 * isHistoryStatus('scoring', 'model_load_error'); // true
 * isHistoryStatus('training', 'model_load_error'); // false
 * isHistoryStatus('training', 'Failed'); // false
 */
export function isHistoryStatus(stage: Stage, status: string): status is HistoryStatus {
  if ((RUN_STATUSES as readonly string[]).includes(status)) return true;
  return stage === 'scoring' && new RegExp(SCORING_ERROR_PATTERN).test(status);
}
