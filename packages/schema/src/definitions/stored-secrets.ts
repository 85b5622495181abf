const SECRET_NAME =
  /(TOKEN|PASSWORD|PASSWD|PWD|SECRET|SECRET_KEY|ACCESS_KEY|PRIVATE_KEY|API_KEY)$/i;
const REFERENCE = /^\{\{secrets\/[^/{}]+\/[^/{}]+\}\}$/;

/**
 * Where a definition holds secrets in the clear: variables of a cluster (`spark_env_vars`) with names such
 * as `VAULT_TOKEN` or `DB_PASSWORD`, and an image's `basic_auth.password`. Empty values are no secrets,
 * and Databricks' references such as `{{secrets/scope/key}}` neither.
 *
 * @returns the path of each, without its value. The definition must not be deeper than a stack can bear:
 * validate it first.
 * @example
 * storedSecrets({new_cluster: {spark_env_vars: {VAULT_TOKEN: 'hvs.1'}}});
 * // [['new_cluster', 'spark_env_vars', 'VAULT_TOKEN']]
 */
export function storedSecrets(definition: unknown): string[][] {
  if (typeof definition !== 'object' || definition === null) return [];
  return Object.entries(definition).flatMap(([key, value]) => {
    const here = secretNames(key, value).map((name) => [key, name]);
    return [...here, ...storedSecrets(value).map((path) => [key, ...path])];
  });
}

function secretNames(key: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const isSecret =
    key === 'spark_env_vars'
      ? (name: string) => SECRET_NAME.test(name)
      : (name: string) => key === 'basic_auth' && name === 'password';
  return Object.entries(value)
    .filter(([name, text]) => isSecret(name) && isLiteral(text))
    .map(([name]) => name);
}

function isLiteral(value: unknown): boolean {
  return value !== null && value !== '' && !(typeof value === 'string' && REFERENCE.test(value));
}
