import { z } from 'zod';
import { expected } from './expected.ts';

const attribute = z.custom<string | number | boolean | null>(
  isScalar,
  expected('a text, a number, true, false, or null for "is null"'),
);

const compared = z.looseObject({
  value: attribute,
  direction: z.string(expected('a direction such as "greater_than"')),
});

/**
 * What somebody did or saw, as a flat object of attributes: `vendor`, `source`, `group`, `value`, and
 * whatever else the data has. Null means "is null". With `logic: "general_behavior"` an attribute may
 * also be `{value, direction}`.
 */
export const behavior = z
  .looseObject(
    {
      logic: z.literal('general_behavior', expected('"general_behavior", or no logic')).nullish(),
      aspect: z.record(z.string(), attribute, expected('an object of texts and numbers')).nullish(),
    },
    expected('a behavior such as {"vendor": "adobe", "group": "1234"}'),
  )
  .superRefine((value, context) => {
    for (const [key, given] of Object.entries(value)) {
      if (key === 'logic' || key === 'aspect') continue;
      const general = value.logic === 'general_behavior' && typeof given === 'object' && given;
      const result = (general ? compared : attribute).safeParse(given);
      for (const { path, message } of result.error?.issues ?? []) {
        context.addIssue({ code: 'custom', path: [key, ...path], message });
      }
    }
  });

/** What somebody did or saw. */
export type Behavior = z.infer<typeof behavior>;

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
