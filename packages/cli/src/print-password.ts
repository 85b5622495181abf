import { loadEnvironment } from '@spire/access';
import { readLastingCredential } from './services/lasting-credential.ts';

/**
 * Prints the password of an environment and nothing else, or the error as every command does, and sets
 * the exit code.
 *
 * @param named the environment; empty: the one that commands use when none is named.
 */
export async function printPassword(named: string): Promise<void> {
  let name = named;
  try {
    const environment = loadEnvironment(process.env, named);
    name = environment.name;
    for (const notice of environment.notices) process.stderr.write(`Note: ${notice}\n`);
    const { password } = await readLastingCredential(environment);
    process.stdout.write(`${password.reveal()}\n`);
  } catch (error) {
    const { printError } = await import('./render/error.ts');
    process.exitCode = printError(error, false, name);
  }
}
