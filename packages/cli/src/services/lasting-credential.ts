import {
  AccessError,
  type DatabaseCredential,
  openCredentials,
  type ResolvedEnvironment,
} from '@spire/access';

/**
 * The credential of an environment whose user stays the same, so that a program can be told of that user
 * once, and of the password whenever it connects.
 *
 * @throws AccessError as `openCredentials` does; `CREDENTIALS_MISSING` when Vault makes a user for each
 * reader. The one that it made is ended.
 */
export async function readLastingCredential(
  environment: ResolvedEnvironment,
): Promise<DatabaseCredential> {
  await using credentials = openCredentials(environment);
  const credential = await credentials.get();
  if (credential.lease) throw userOfItsOwn(environment);
  return credential;
}

function userOfItsOwn({ name, values }: ResolvedEnvironment): AccessError {
  const path = values.readPath?.value;
  const message = `Vault makes another user of ${name} for each reader (${path}), and none that lasts.`;
  return new AccessError('CREDENTIALS_MISSING', message, {
    environment: name,
    suggestions: [
      `Ask DevOps for a static role, whose user stays: spire env set VAULT_READ_PATH database/static-creds/ROLE -e ${name}`,
      `Or run the program by Spire, for as long as its user lives: spire env exec -e ${name} -- COMMAND`,
    ],
  });
}
