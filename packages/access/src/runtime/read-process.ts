import { knownVariables, type Runtime } from './runtime-variables.ts';

/**
 * The process as a runtime: what a notebook or a task finds where it runs.
 *
 * @param variables usually `process.env`.
 */
export function readProcess(variables: Readonly<Record<string, string | undefined>>): Runtime {
  return { description: 'this process', variables: knownVariables(Object.entries(variables)) };
}
