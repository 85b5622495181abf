import { z } from 'zod';
import { STAGES } from '../stage.ts';
import { type HistoryStatus, isHistoryStatus, RUN_STATUSES } from '../status.ts';
import { day } from './day.ts';
import { expected, expectedKeys, shown, words } from './expected.ts';
import { jsonTree } from './json-tree.ts';
import { text } from './text.ts';

const aMoment = expected('a moment with its zone such as "2026-01-31T06:00:00Z"');
const aRun = expected("a run's id, a whole number");
const anything = jsonTree(z.unknown()).optional();
const anId = expected('a UUID');

const fields = {
  /** The run's own id, to write about it again later. Left out: a new one. */
  id: z.uuid(anId).optional(),
  workflowId: z.uuid(anId),
  stage: z.enum(STAGES, expected(words(STAGES))),
  /** The day that the run is about, `YYYY-MM-DD`. */
  argDate: day,
  /** When the run began, as a Date or in ISO 8601 with a zone. Left out: now. */
  executionDate: z
    .union([z.date(), z.iso.datetime({ offset: true, ...aMoment })], aMoment)
    .transform((moment) => new Date(moment))
    .optional(),
  status: z.custom<HistoryStatus>((value) => typeof value === 'string', expected('a status')),
  stats: anything,
  info: anything,
  warnings: anything,
  error: text.nullish(),
  traceback: text.nullish(),
  clusterId: text.nullish(),
  runId: z.int(aRun).nullish(),
};

/**
 * A run of a workflow's stage as a person or a program reports it.
 *
 * @example
 * historyInput.parse({workflowId, stage: 'training', argDate: '2026-01-31', status: 'success', stats: {auc: 0.8}});
 */
export const historyInput = z
  .strictObject(
    fields,
    expectedKeys(
      'a run such as {"stage": ..., "argDate": ..., "status": ...}',
      Object.keys(fields).join(', '),
    ),
  )
  .superRefine(({ stage, status }, context) => {
    if (isHistoryStatus(stage, status)) return;
    const own = stage === 'scoring' ? ', or an error of scoring such as "model_load_error"' : '';
    const message = `expected ${words(RUN_STATUSES)}${own}, got ${shown(status)}`;
    context.addIssue({ code: 'custom', path: ['status'], message });
  });

/** A run as it may be written down. */
export type HistoryInput = z.input<typeof historyInput>;
