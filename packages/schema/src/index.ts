export { type Folder, journalProblems, readFolder } from './journal-problems.ts';
export { legacyMasks } from './masking/legacy-masks.ts';
export type { JsonMask, Mask, RemovedNames, TableMasks, TargetValue } from './masking/mask.ts';
export { masks } from './masking/masks.ts';
export { masksByTable, type NamedMasks } from './masking/masks-by-table.ts';
export {
  type JournalEntry,
  type MigrationFile,
  migrationFiles,
  migrationsFolder,
  parseMigration,
} from './migration-files.ts';
export { schema } from './schema.ts';
export { isStage, STAGES, type Stage } from './stage.ts';
export {
  type HistoryStatus,
  isHistoryStatus,
  RUN_STATUSES,
  type RunStatus,
  SCORING_ERROR_PATTERN,
  type ScoringErrorStatus,
} from './status.ts';
export { tableNames } from './table-names.ts';
export {
  type ClusterStatus,
  clusterStatus,
  type Dataset,
  type DfpOrder,
  datasets,
  dfpOrders,
  type Feature,
  features,
  type History,
  history,
  type JobConfig,
  jobConfigs,
  type NewClusterStatus,
  type NewDataset,
  type NewDfpOrder,
  type NewFeature,
  type NewHistory,
  type NewJobConfig,
  type NewPostprocessor,
  type NewSchedule,
  type NewTag,
  type NewTraitWorkflow,
  type NewWorkflow,
  type NewWorkflowDataset,
  type NewWorkflowFeature,
  type NewWorkflowJobConfig,
  type NewWorkflowTag,
  type Postprocessor,
  postprocessors,
  type Schedule,
  schedules,
  type Tag,
  type TraitWorkflow,
  tags,
  traitWorkflows,
  type Workflow,
  type WorkflowDataset,
  type WorkflowFeature,
  type WorkflowJobConfig,
  type WorkflowTag,
  workflowDatasets,
  workflowFeatures,
  workflowJobConfigs,
  workflows,
  workflowTags,
} from './tables/index.ts';
