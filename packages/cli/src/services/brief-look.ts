import { AccessError, openCredentials, type ResolvedEnvironment } from '@spire/access';
import { SpireDBConnector } from '@spire/sdk';

/** Connects to read, in one attempt that is over soon: one dead environment doesn't hold up the others. */
export function connectBriefly(
  environment: ResolvedEnvironment,
  millis: number,
  applicationName: string,
): Promise<SpireDBConnector> {
  return SpireDBConnector.create({
    environment,
    access: 'read-only',
    credentials: openCredentials(environment, { timeoutMillis: millis, attempts: 1 }),
    pool: { max: 1, connectMillis: millis, applicationName },
  });
}

/** What is said of an environment that didn't answer in time. */
export function tookTooLong({ name }: ResolvedEnvironment, millis: number): AccessError {
  return new AccessError('VAULT_UNAVAILABLE', `${name} took longer than ${millis} ms.`, {
    environment: name,
    suggestions: [`See where it hangs: spire doctor -e ${name}`],
  });
}
