import { z } from 'zod';
import { expectedLogic, shown } from './expected.ts';

const bounds = z
  .looseObject({ logic: z.literal('min_max_provided') })
  .superRefine((value, context) => {
    for (const [key, bound] of Object.entries(value)) {
      if (!/^(min|max)_./.test(key)) continue;
      if (!Number.isInteger(bound) || Number(bound) < 0) {
        const message = `expected a number of rows such as 100, got ${shown(bound)}`;
        context.addIssue({ code: 'custom', path: [key], message });
      }
      const most = value[key.replace(/^min_/, 'max_')];
      if (key.startsWith('min_') && Number(bound) > Number(most)) {
        const message = `expected at most ${key.replace(/^min_/, 'max_')}, ${shown(most)}, got ${shown(bound)}`;
        context.addIssue({ code: 'custom', path: [key], message });
      }
    }
  });

/** How many rows a class needs (`min_<class>`) and takes (`max_<class>`), or that nobody asks. */
export const dataRequirements = z.discriminatedUnion(
  'logic',
  [bounds, z.looseObject({ logic: z.literal('no_requirements') })],
  expectedLogic('data requirements such as {"logic": "no_requirements"}', [
    'min_max_provided',
    'no_requirements',
  ]),
);

/** How many rows a training set needs of each class. */
export type DataRequirements = z.infer<typeof dataRequirements>;
