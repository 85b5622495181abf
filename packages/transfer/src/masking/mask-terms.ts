import type { TargetValue } from '@spire/schema';
import type { RowFilter } from '../filter.ts';

/** How a copy is to differ from its source. */
export interface MaskTerms {
  /** What the source calls its own: the target's takes its place in any text of a job config. */
  readonly own?:
    | { readonly [Value in Exclude<TargetValue, 'environment'>]?: string | undefined }
    | undefined;
  /** What takes the place of the source's own values in job configs. What isn't given is left out there. */
  readonly target: { readonly environment: string } & {
    readonly [Value in TargetValue]?: string | undefined;
  };
  /** Whether workflows stay enabled and schedules run in the copy too. */
  readonly live: boolean;
  /** Which rows come. Default: all. */
  readonly filter?: RowFilter | undefined;
}
