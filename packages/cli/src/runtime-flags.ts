import { Flags } from '@oclif/core';

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
