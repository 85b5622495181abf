import { z } from 'zod';
import { type Behavior, behavior } from './behavior.ts';
import { expected, expectedLogic } from './expected.ts';

const behaviors = z.array(behavior, expected('a list of behaviors'));
const aColumn = expected('the name of a column');
const column = z.string(aColumn).min(1, aColumn);
const aShare = expected('a share from 0 to 1 such as 0.25');

/** The arguments of `column_as_target`: the values of a column are the classes. */
export const columnArgs = z.looseObject(
  { behavior, target: column },
  expected('{"behavior": {...}, "target": "a column"}'),
);

const exceptArgs = z.looseObject(
  { behaviors, excluded_behaviors: behaviors },
  expected('{"behaviors": [...], "excluded_behaviors": [...]}'),
);

const percentageArgs = z.looseObject(
  {
    behavior,
    percentage: z.number(aShare).min(0, aShare).max(1, aShare),
    value_col: column,
    direction: z.enum(['greater_than', 'less_than'], expected('"greater_than" or "less_than"')),
  },
  expected('{"behavior": {...}, "percentage": 0.25, "value_col": "a column", "direction": ...}'),
);

/** Who belongs to a class: a logic over behaviors, with unknown keys beside the known ones. */
export type TargetClass =
  | {
      logic: 'matches_any';
      args: { behaviors: Behavior[]; classes?: TargetClass[] | null | undefined };
    }
  | { logic: 'matches_all_except'; args: z.infer<typeof exceptArgs> }
  | { logic: 'matches_percentage'; args: z.infer<typeof percentageArgs> }
  | { logic: 'column_as_target'; args: z.infer<typeof columnArgs> };

/** Who belongs to a class: a logic over behaviors. `matches_any` may hold more classes. */
export const targetClass: z.ZodType<TargetClass> = z.lazy(() => byLogic);

const anyArgs = z.looseObject(
  { behaviors, classes: z.array(targetClass, expected('a list of target classes')).nullish() },
  expected('{"behaviors": [...]}'),
);

const byLogic = z.discriminatedUnion(
  'logic',
  [
    z.looseObject({ logic: z.literal('matches_any'), args: anyArgs }),
    z.looseObject({ logic: z.literal('matches_all_except'), args: exceptArgs }),
    z.looseObject({ logic: z.literal('matches_percentage'), args: percentageArgs }),
    z.looseObject({ logic: z.literal('column_as_target'), args: columnArgs }),
  ],
  expectedLogic('a target class such as {"logic": "matches_any", "args": {"behaviors": [...]}}', [
    'matches_any',
    'matches_all_except',
    'matches_percentage',
    'column_as_target',
  ]),
);
