import { Flags } from '@oclif/core';
import { STAGES, type Stage } from '@spire/schema/stage';

/** The flag that names a stage. */
export const stageFlag = Flags.custom<Stage>({
  description: 'stage of the workflow',
  options: [...STAGES],
});

/** The flag for the day that a run is about. */
export const dateFlag = Flags.custom<string>({
  description: 'day that the run is about, YYYY-MM-DD',
  helpValue: 'DATE',
});
