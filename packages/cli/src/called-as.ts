import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** How this process was called, so that what it suggests can be pasted. */
export function calledAs(variables: NodeJS.ProcessEnv = process.env): string {
  if (variables.npm_lifecycle_event !== 'spire') return 'spire';
  // npx brings a pnpm of its own along, which is gone afterwards.
  const lasting = (variables.PATH ?? '')
    .split(delimiter)
    .filter((directory) => !/[\\/](_npx|node_modules|node-gyp-bin|dlx)([\\/]|$)/.test(directory));
  return lasting.some((directory) => existsSync(join(directory, 'pnpm')))
    ? 'pnpm spire'
    : 'npx -y pnpm@12 spire';
}

/** Rewrites the commands in a suggestion to the form in which this process was called. */
export function asCalled(text: string): string {
  return text.replace(/(^|: |`)spire (?=[a-z-])/g, `$1${calledAs()} `);
}

/** A path as the caller meant it: `pnpm spire` runs in the repository's root, wherever it was called. */
export function callerPath(path: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
}
