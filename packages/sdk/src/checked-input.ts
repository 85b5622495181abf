import { SpireDBError } from './errors.ts';

/** What `@spire/schema/definitions` offers; loaded when something is written, not for reads. */
export type Definitions = typeof import('@spire/schema/definitions');

type Inputs = Pick<
  Definitions,
  'historyInput' | 'jobConfigInput' | 'jobConfigPatch' | 'workflowInput' | 'workflowPatch'
>;

/**
 * Turns untrusted input into a trusted value.
 *
 * @throws SpireDBError `INVALID_INPUT`, a line per field that is wrong.
 */
export async function checkedInput<Name extends keyof Inputs>(
  name: Name,
  input: unknown,
): Promise<ReturnType<Inputs[Name]['parse']>> {
  const definitions: Definitions = await import('@spire/schema/definitions');
  const result = definitions[name].safeParse(input, { reportInput: true });
  if (result.success) return result.data as ReturnType<Inputs[Name]['parse']>;
  throw new SpireDBError('INVALID_INPUT', definitions.explainDefinition(result.error).join('\n'), {
    suggestions: ['Nothing was written. Correct the fields named and try again.'],
  });
}
