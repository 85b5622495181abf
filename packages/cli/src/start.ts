import type { Interfaces } from '@oclif/core';
import { rawPasswordCall } from './raw-password-call.ts';

/**
 * Runs what the process was called for. A GUI waits for `db password --raw` at each connection: that is
 * answered without oclif, whose start costs more than all the rest of it.
 *
 * @param root the directory of this package, or of its build.
 * @param pjson gives its `package.json`.
 */
export async function start(root: string, pjson: () => Interfaces.PJSON): Promise<void> {
  const environment = rawPasswordCall(process.argv.slice(2));
  if (environment !== undefined) {
    const { printPassword } = await import('./print-password.ts');
    return printPassword(environment);
  }
  const { runSpire } = await import('./run-spire.ts');
  return runSpire(root, pjson());
}
