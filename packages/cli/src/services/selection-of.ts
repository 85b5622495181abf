import { type ResolutionInput, type Selection, selectEnvironment } from '@spire/access';

/** The environment that commands would use now, and who chose it; undefined when none can be. */
export function selectionOf(input: ResolutionInput): Selection | undefined {
  try {
    return selectEnvironment(input);
  } catch {
    return undefined;
  }
}
