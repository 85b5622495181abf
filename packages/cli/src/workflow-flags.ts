import { Args, Flags } from '@oclif/core';

/** The argument and the flag that name a workflow. */
export const workflowArgs = {
  workflow: Args.string({ ignoreStdin: true, description: 'name or id of the workflow' }),
};

/** Names a workflow by its trait instead. */
export const traitFlag = {
  trait: Flags.integer({
    description: 'trait id of the workflow, instead of its name',
    max: 2 ** 31 - 1,
  }),
};

/** The flags of every list that comes in pages. */
export const pageFlags = {
  limit: Flags.integer({
    description: 'at most this many, 500 at the most',
    default: 50,
    min: 1,
    max: 500,
  }),
  after: Flags.string({ description: 'go on after this: the "next" of the page before' }),
};
