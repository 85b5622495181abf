import {
  loadResolutionInput,
  type ResolutionInput,
  type Runtime,
  readAstronomer,
  readDatabricks,
  readDotenv,
  readProcess,
  Secret,
} from '@spire/access';
import { callerPath } from '../called-as.ts';
import { CliError } from '../errors.ts';
import type { RuntimeFlags } from '../runtime-flags.ts';

/** Where a runtime's variables are read. */
export type RuntimeKind = 'process' | 'dotenv' | 'databricks' | 'astronomer';

/** Which runtime is meant. */
export interface RuntimeChoice extends RuntimeFlags {
  /** With `dotenv`. */
  readonly file?: string | undefined;
}

/**
 * Reads the variables of a runtime. What the environment's section of the config file says of Databricks
 * and Astronomer is used where nothing else does.
 *
 * @throws AccessError `RUNTIME_*`; CliError `USAGE` when no file is named.
 */
export async function readRuntime(
  kind: RuntimeKind,
  choice: RuntimeChoice,
  environment: string,
  variables: ResolutionInput['variables'],
): Promise<Runtime> {
  const entries = loadResolutionInput(variables).config.environments.get(environment)?.entries;
  const own = (hostName: string, tokenName: string) => {
    const token = entries?.get(tokenName)?.value;
    return {
      host: entries?.get(hostName)?.value,
      token: token === undefined ? undefined : new Secret(token),
    };
  };
  switch (kind) {
    case 'process':
      return readProcess(variables);
    case 'dotenv':
      if (choice.file) return readDotenv(callerPath(choice.file));
      throw new CliError('USAGE', 'No file is named.', [
        `spire login -e ${environment} --from dotenv .env.${environment}`,
      ]);
    case 'databricks':
      return readDatabricks({
        ...choice,
        variables,
        own: own('DATABRICKS_HOST', 'DATABRICKS_TOKEN'),
      });
    case 'astronomer':
      return readAstronomer({ ...choice, variables, own: own('ASTRO_API_URL', 'ASTRO_API_TOKEN') });
  }
}
