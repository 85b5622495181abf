import { z } from 'zod';
import { expected, expectedKeys } from './expected.ts';
import { jsonTree } from './json-tree.ts';

const given = z
  .unknown()
  .refine((value) => value !== undefined, expected('a value, or null where there is none'));

const name = z.string(expected('a text')).nullable();

const feature = z.strictObject(
  {
    columns: given,
    filters: given,
    format: name,
    loader: z.enum(
      ['aleph_v2_loader', 'aleph_v3_loader'],
      expected('"aleph_v2_loader" or "aleph_v3_loader"'),
    ),
    location: name,
    name: z.string(expected('a name')).min(1, expected('a name')),
    stage: name,
  },
  expectedKeys(
    'a feature with columns, filters, format, loader, location, name and stage',
    'columns, filters, format, loader, location, name and stage',
  ),
);

/** Which columns a workflow reads, from where and how: exactly these keys, nothing besides. */
export const featureDefinition = jsonTree(feature);

/** Which columns a workflow reads, from where and how. */
export type FeatureDefinition = z.infer<typeof featureDefinition>;
