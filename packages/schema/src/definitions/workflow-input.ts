import { z } from 'zod';
import { STAGES } from '../stage.ts';
import { datasetDefinition } from './dataset.ts';
import { expected, expectedKeys, words } from './expected.ts';
import { scheduleDefinition } from './schedule.ts';
import { nameOf, text } from './text.ts';

const aTrait = expected('a trait id, a whole number up to 2147483647');
const yesOrNo = z.boolean(expected('true or false'));

const labels = z.array(nameOf(100), expected('a list of labels'));
const traitId = z.int(aTrait).min(-2147483648, aTrait).max(2147483647, aTrait);
const configName = nameOf(255);
const configs = expectedKeys('an object with the name of a job config by stage', words(STAGES));

const keys = expectedKeys(
  'a workflow such as {"name": "spire_adobe_30"}',
  'name, description, enabled, isProxy, traitId, tags, dataset, schedule and jobConfigs',
);

/**
 * A workflow as a person or a program asks for it. `description` is empty by default, `enabled` and
 * `isProxy` are false; `tags` are labels, and `jobConfigs` names of job configs by stage.
 *
 * @example
 * workflowInput.parse({name: 'spire_adobe_30', traitId: 30, jobConfigs: {training: 'adobe-training'}});
 */
export const workflowInput = z.strictObject(
  {
    name: nameOf(100),
    description: text.default(''),
    enabled: yesOrNo.default(false),
    isProxy: yesOrNo.default(false),
    traitId: traitId.optional(),
    tags: labels.optional(),
    dataset: datasetDefinition.optional(),
    schedule: scheduleDefinition.optional(),
    jobConfigs: z.partialRecord(z.enum(STAGES), configName, configs).optional(),
  },
  keys,
);

/** What is to change about a workflow: what isn't named stays, and null takes a part away. */
export const workflowPatch = z.strictObject(
  {
    name: nameOf(100).optional(),
    description: text.optional(),
    enabled: yesOrNo.optional(),
    isProxy: yesOrNo.optional(),
    traitId: traitId.nullish(),
    tags: labels.optional(),
    dataset: datasetDefinition.nullish(),
    schedule: scheduleDefinition.nullish(),
    jobConfigs: z.partialRecord(z.enum(STAGES), configName.nullable(), configs).optional(),
  },
  keys,
);

/** A workflow as it may be written down. */
export type WorkflowInput = z.input<typeof workflowInput>;
/** What is to change about a workflow. */
export type WorkflowPatch = z.input<typeof workflowPatch>;
