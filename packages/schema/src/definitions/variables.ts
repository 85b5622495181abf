import { z } from 'zod';
import { expectedSecret } from './expected.ts';

const scalar = z.union(
  [z.string(), z.number(), z.boolean(), z.null()],
  expectedSecret('a text, a number, true, false or null'),
);

/** Values that a job gets by name. They are never shown: some of them are secrets. */
export const parameters = z.record(z.string(), scalar, expectedSecret('an object of parameters'));

/** Variables of a cluster's processes. */
export const sparkEnvVars = z.record(z.string(), scalar, expectedSecret('an object of variables'));
