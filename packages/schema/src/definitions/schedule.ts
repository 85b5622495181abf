import { z } from 'zod';
import { STAGES } from '../stage.ts';
import { cron } from './cron.ts';
import { day, dayOrMoment } from './day.ts';
import { expected, expectedKeys, expectedLogic, words } from './expected.ts';
import { jsonTree } from './json-tree.ts';

const someSeconds = expected('a number of seconds such as 86400');
const someTries = expected('a number of tries such as 3');

const cronArgs = z.looseObject(
  { cron_interval: cron, start_date: day },
  expected('{"cron_interval": "0 6 * * *", "start_date": "2026-01-31"}'),
);

const expirationArgs = z.looseObject(
  { expiration_date: dayOrMoment },
  expected('{"expiration_date": "2026-01-31"}'),
);

const countdownArgs = z.looseObject(
  {
    stage: z.enum(STAGES, expected(words(STAGES))),
    seconds_until_stale: z.number(someSeconds).min(0, someSeconds),
    n_tries: z.int(someTries).min(0, someTries),
  },
  expected('{"stage": "training", "seconds_until_stale": 86400, "n_tries": 3}'),
);

/** When a stage is due: at times (`cron`), from a day on (`expiration`), or when stale (`countdown`). */
const stageSchedule = z.discriminatedUnion(
  'logic',
  [
    z.looseObject({ logic: z.literal('cron'), args: cronArgs }),
    z.looseObject({ logic: z.literal('expiration'), args: expirationArgs }),
    z.looseObject({ logic: z.literal('countdown'), args: countdownArgs }),
  ],
  expectedLogic('a schedule such as {"logic": "cron", "args": {...}}', [
    'cron',
    'expiration',
    'countdown',
  ]),
);

/** When a stage is due. */
export type StageSchedule = z.infer<typeof stageSchedule>;

const schedule = z.looseObject(
  {
    logic: z.literal('scheduled_stages', expected('"scheduled_stages"')),
    args: z.partialRecord(
      z.enum(STAGES),
      stageSchedule,
      expectedKeys('an object with a schedule by stage', words(STAGES)),
    ),
  },
  expected('a schedule such as {"logic": "scheduled_stages", "args": {...}}'),
);

/**
 * When a workflow's stages are due. Unknown keys are kept.
 *
 * @example
 * scheduleDefinition.parse({
 *   logic: 'scheduled_stages',
 *   args: {scoring: {logic: 'cron', args: {cron_interval: '0 6 * * *', start_date: '2026-01-31'}}},
 * });
 */
export const scheduleDefinition = jsonTree(schedule);

/** When a workflow's stages are due. */
export type ScheduleDefinition = z.infer<typeof scheduleDefinition>;
