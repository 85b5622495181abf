import { type ResolutionInput, selectEnvironment } from '@spire/access';

/** The environment that commands would use now; undefined when none is chosen, or none can be. */
export function selectedName(input: ResolutionInput): string | undefined {
  try {
    return selectEnvironment(input).name;
  } catch {
    return undefined;
  }
}
