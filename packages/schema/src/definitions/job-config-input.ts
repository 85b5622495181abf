import { z } from 'zod';
import { expected, expectedKeys, words } from './expected.ts';
import { JOB_CONFIG_TYPES, type JobConfigDefinition, jobConfigDefinition } from './job-config.ts';
import { storedSecrets } from './stored-secrets.ts';
import { nameOf } from './text.ts';

const SECRET =
  'expected no secret in a stored definition: leave it out, since a context fills it in when the job runs, or refer to it as {{secrets/scope/key}}';

const type = z.enum(JOB_CONFIG_TYPES, expected(words(JOB_CONFIG_TYPES)));

/**
 * A job config as a person or a program asks for it: its definition is one of its type's, and holds no
 * secret in the clear.
 *
 * @example
 * jobConfigInput.parse({name: 'score', type: 'SpireScoringNotebookJobConfig', definition: {...}});
 */
export const jobConfigInput = z
  .strictObject(
    {
      name: nameOf(255),
      type,
      definition: z.custom<JobConfigDefinition>(
        (value) => value !== undefined,
        expected('the definition of a job'),
      ),
    },
    expectedKeys('a job config with name, type and definition', 'name, type and definition'),
  )
  .superRefine(({ type, definition }, context) => {
    const result = jobConfigDefinition(type).safeParse(definition);
    for (const { path, message } of result.error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: ['definition', ...path], message });
    }
    if (!result.success) return;
    for (const path of storedSecrets(definition)) {
      context.addIssue({ code: 'custom', path: ['definition', ...path], message: SECRET });
    }
  });

/** What is to change about a job config. What comes of it is to be checked as a `jobConfigInput`. */
export const jobConfigPatch = z.strictObject(
  { type: type.optional(), definition: z.custom<JobConfigDefinition>().optional() },
  expectedKeys('a job config with type and definition', 'type and definition'),
);

/** A job config as it may be written down. */
export type JobConfigInput = z.input<typeof jobConfigInput>;
/** What is to change about a job config. */
export type JobConfigPatch = z.input<typeof jobConfigPatch>;
