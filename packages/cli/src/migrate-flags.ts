import { Flags } from '@oclif/core';

/** The flag that names a shadow database. */
export const shadowFlag = {
  'shadow-url': Flags.string({
    description:
      'an empty database in which migrations are replayed; default: one on a server of this machine',
    helpValue: 'URL',
    env: 'SPIRE_SHADOW_URL',
  }),
};

/** The device that confirms a plan. */
export const confirmPlanFlag = {
  confirm: Flags.string({
    description: "confirm a plan by its environment's name and its hash",
    helpValue: 'ENVIRONMENT:HASH',
  }),
};

/** The flags that say how long a migration may take. */
export const limitFlags = {
  'lock-timeout': Flags.integer({
    description: 'seconds for which a statement waits for a lock, while others wait behind it',
    helpValue: 'SECONDS',
    default: 1,
    min: 1,
    max: 60,
  }),
  'retry-for': Flags.integer({
    description: 'seconds for which a migration is tried again whose locks others hold',
    helpValue: 'SECONDS',
    default: 300,
    min: 0,
    max: 86_400,
  }),
  'statement-timeout': Flags.integer({
    description: 'seconds that a statement may take',
    helpValue: 'SECONDS',
    default: 900,
    min: 1,
    max: 86_400,
  }),
};

/** What the flags of {@link limitFlags} say, in milliseconds. */
export function limitsOf(flags: { 'lock-timeout': number; 'statement-timeout': number }) {
  return {
    lockMillis: flags['lock-timeout'] * 1000,
    statementMillis: flags['statement-timeout'] * 1000,
  };
}
