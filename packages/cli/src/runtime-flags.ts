import { Flags } from '@oclif/core';
import { CliError } from './errors.ts';

/** Which runtime is meant: a cluster or job of Databricks, a deployment of Astronomer. */
export const runtimeFlags = {
  profile: Flags.string({ description: 'profile of ~/.databrickscfg', helpValue: 'NAME' }),
  cluster: Flags.string({
    description: 'Databricks cluster, by id or name',
    helpValue: 'CLUSTER',
    exclusive: ['job'],
  }),
  job: Flags.string({ description: 'Databricks job, by id or name', helpValue: 'JOB' }),
  organization: Flags.string({ description: 'Astronomer organization, by id', helpValue: 'ID' }),
  workspace: Flags.string({ description: 'Astronomer workspace, by id', helpValue: 'ID' }),
  deployment: Flags.string({
    description: 'Astronomer deployment, by id or name',
    helpValue: 'DEPLOYMENT',
  }),
};

/** What {@link runtimeFlags} came out as. */
export interface RuntimeFlags {
  readonly profile?: string | undefined;
  readonly cluster?: string | undefined;
  readonly job?: string | undefined;
  readonly organization?: string | undefined;
  readonly workspace?: string | undefined;
  readonly deployment?: string | undefined;
}

/**
 * For a call that reads no runtime: refuses flags that name one, which would do nothing.
 *
 * @param right the command as it would read one.
 * @throws CliError `USAGE`.
 */
export function refuseStrayRuntime(flags: object, right: string): void {
  const stray = Object.keys(runtimeFlags).find((name) => name in flags);
  if (!stray) return;
  throw new CliError('USAGE', `--${stray} names a runtime, but not of which kind.`, [
    `Say it: ${right} --${stray} ...`,
  ]);
}
