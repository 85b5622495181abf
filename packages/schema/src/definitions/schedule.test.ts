import { describe, expect, test } from 'vitest';
import { explainDefinition } from './explain.ts';
import { scheduleDefinition } from './schedule.ts';

const stages = (args: object) => ({ logic: 'scheduled_stages', args });
const cron = (cron_interval: unknown, start_date: unknown = '2026-01-31') => ({
  logic: 'cron',
  args: { cron_interval, start_date },
});

const accepted: [string, unknown][] = [
  [
    'balanced crons',
    stages({
      assembly: cron('0 17 * * 6'),
      training: cron('0 0 * * 0'),
      scoring: cron('0 6 * * *'),
    }),
  ],
  ['lists, ranges, steps and names', stages({ scoring: cron('*/5,30 1-3 1 JAN MON-FRI') })],
  [
    'an expiration',
    stages({ training: { logic: 'expiration', args: { expiration_date: '2026-02-28' } } }),
  ],
  [
    'an expiration at a moment',
    stages({ training: { logic: 'expiration', args: { expiration_date: '2026-02-28T06:00:00' } } }),
  ],
  [
    'a countdown',
    stages({
      training: {
        logic: 'countdown',
        args: { stage: 'training', seconds_until_stale: 604800, n_tries: 3 },
      },
    }),
  ],
  ['no stage', stages({})],
  [
    'keys that nobody knows',
    { ...stages({ scoring: { ...cron('0 6 * * *'), note: 1 } }), by: 'x' },
  ],
];

const fiveFields = 'expected five cron fields such as "0 6 * * *"';
const interval = 'schedule.args.scoring.args.cron_interval';
const rejected: [string, unknown, string[]][] = [
  [
    'words',
    stages({ scoring: cron('every day') }),
    [`${interval}: ${fiveFields}, got "every day"`],
  ],
  [
    'six fields',
    stages({ scoring: cron('0 0 6 * * *') }),
    [`${interval}: ${fiveFields}, got "0 0 6 * * *"`],
  ],
  ['a nickname', stages({ scoring: cron('@daily') }), [`${interval}: ${fiveFields}, got "@daily"`]],
  [
    'an hour too many',
    stages({ scoring: cron('0 24 * * *') }),
    [`${interval}: ${fiveFields}, got "0 24 * * *"`],
  ],
  ['no cron', stages({ scoring: cron(undefined) }), [`${interval}: ${fiveFields}, got nothing`]],
  [
    'a day that never was',
    stages({ scoring: cron('0 6 * * *', '2026-02-30') }),
    [
      'schedule.args.scoring.args.start_date: expected a day of the calendar such as "2026-01-31", got "2026-02-30"',
    ],
  ],
  [
    'an expiration that is no day',
    stages({ scoring: { logic: 'expiration', args: { expiration_date: 'soon' } } }),
    [
      'schedule.args.scoring.args.expiration_date: expected a day such as "2026-01-31", or a moment such as "2026-01-31T06:00:00Z", got "soon"',
    ],
  ],
  [
    'an unknown stage',
    stages({ TRAINING: cron('0 6 * * *') }),
    [
      'schedule.args: expected no keys but "assembly", "training", "scoring" or "postprocessing", got "TRAINING"',
    ],
  ],
  [
    'a countdown on nothing',
    stages({
      training: {
        logic: 'countdown',
        args: { stage: 'cooking', seconds_until_stale: -1, n_tries: 1.5 },
      },
    }),
    [
      'schedule.args.training.args.stage: expected "assembly", "training", "scoring" or "postprocessing", got "cooking"',
      'schedule.args.training.args.seconds_until_stale: expected a number of seconds such as 86400, got -1',
      'schedule.args.training.args.n_tries: expected a number of tries such as 3, got 1.5',
    ],
  ],
  [
    'an unknown logic',
    stages({ training: { logic: 'sometimes' } }),
    ['schedule.args.training.logic: expected "cron", "expiration" or "countdown", got "sometimes"'],
  ],
  [
    'another kind of schedule',
    { logic: 'whenever', args: {} },
    ['schedule.logic: expected "scheduled_stages", got "whenever"'],
  ],
];

describe('a schedule', () => {
  test.each(accepted)('may have %s', (_, definition) => {
    expect(scheduleDefinition.parse(definition)).toStrictEqual(structuredClone(definition));
  });

  test.each(rejected)('is refused with %s', (_, definition, lines) => {
    const { error } = scheduleDefinition.safeParse(definition);
    expect(error && explainDefinition(error, 'schedule')).toEqual(lines);
  });
});
