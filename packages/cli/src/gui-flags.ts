import { Flags } from '@oclif/core';

/** Which environments another program is told of. */
export const environmentsFlag = {
  environment: Flags.string({
    char: 'e',
    description: 'only this environment; may be given more than once',
    helpValue: 'NAME',
    multiple: true,
    multipleNonGreedy: true,
  }),
};
