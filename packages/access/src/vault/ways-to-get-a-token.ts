import type { ResolvedEnvironment } from '../environment.ts';

/** The same four ways, wherever a token is missing. */
export function waysToGetAToken({ name, contacts }: ResolvedEnvironment): string[] {
  if (name === 'local') return ['Make it anew: spire local up'];
  return [
    `Log in to Vault: spire login -e ${name} --method token (or oidc)`,
    `Take it from a cluster, a deployment or a file: spire login -e ${name} --from databricks`,
    `Let a colleague hand one over: spire login -e ${name} --shared`,
    `Ask ${contacts.length > 0 ? contacts.join(', ') : 'DevOps'}.`,
  ];
}
