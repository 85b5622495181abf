import { z } from 'zod';
import { dataRequirements } from './data-requirements.ts';
import { expected, quoted } from './expected.ts';
import { jsonTree } from './json-tree.ts';
import { columnArgs, targetClass } from './target-class.ts';

const dataset = z
  .looseObject(
    {
      family: z.enum(['binary', 'multiclass'], expected('"binary" or "multiclass"')),
      classes: z
        .record(z.string(), targetClass, expected('an object with a target class by name'))
        .optional(),
      logic: z.literal('column_as_target', expected('"column_as_target", or no logic')).optional(),
      args: columnArgs.optional(),
      data_requirements: dataRequirements,
    },
    expected(
      'a dataset such as {"family": "binary", "classes": {...}, "data_requirements": {...}}',
    ),
  )
  .superRefine((value, context) => {
    const complain = (message: string, ...path: string[]) =>
      context.addIssue({ code: 'custom', path, message });
    const { family, classes, logic, args } = value;
    if (classes && logic) complain('expected either classes or a logic, got both: leave one out');
    if (!classes && !logic) {
      complain('expected classes, or the logic "column_as_target" with args, got neither');
    }
    if (logic && !args)
      complain('expected {"behavior": {...}, "target": "a column"}, got nothing', 'args');
    const names = Object.keys(classes ?? {});
    if (classes && family === 'binary' && names.sort().join() !== 'negative,positive') {
      const got = names.slice(0, 5).map(quoted).join(', ') || 'none';
      complain(
        `expected the classes "positive" and "negative" of a binary dataset, got ${got}: rename them, or make the family "multiclass"`,
        'classes',
      );
    }
    if (classes && family === 'multiclass' && names.length === 0) {
      complain('expected at least one class, got none', 'classes');
    }
  });

/**
 * How a training set is defined: `binary` with the classes `positive` and `negative`, `multiclass` with
 * classes of any names, or either with the values of a column as classes. Unknown keys are kept.
 *
 * @example
 * datasetDefinition.parse({
 *   family: 'binary',
 *   classes: {
 *     positive: {logic: 'matches_any', args: {behaviors: [{vendor: 'adobe', group: '1234'}]}},
 *     negative: {logic: 'matches_any', args: {behaviors: [{vendor: 'adobe'}]}},
 *   },
 *   data_requirements: {logic: 'min_max_provided', min_positive: 100, max_positive: 250000},
 * });
 */
export const datasetDefinition = jsonTree(dataset);

/** How a training set is defined. */
export type DatasetDefinition = z.infer<typeof datasetDefinition>;
