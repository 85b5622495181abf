export type { Behavior } from './definitions/behavior.ts';
export type { DataRequirements } from './definitions/data-requirements.ts';
export { type DatasetDefinition, datasetDefinition } from './definitions/dataset.ts';
export { explainDefinition } from './definitions/explain.ts';
export { type FeatureDefinition, featureDefinition } from './definitions/feature.ts';
export { type HistoryInput, historyInput } from './definitions/history-input.ts';
export {
  JOB_CONFIG_TYPES,
  type JobConfigDefinition,
  type JobConfigType,
  jobConfigDefinition,
} from './definitions/job-config.ts';
export {
  type JobConfigInput,
  type JobConfigPatch,
  jobConfigInput,
  jobConfigPatch,
} from './definitions/job-config-input.ts';
export {
  type ScheduleDefinition,
  type StageSchedule,
  scheduleDefinition,
} from './definitions/schedule.ts';
export { storedSecrets } from './definitions/stored-secrets.ts';
export type { TargetClass } from './definitions/target-class.ts';
export {
  type WorkflowInput,
  type WorkflowPatch,
  workflowInput,
  workflowPatch,
} from './definitions/workflow-input.ts';
