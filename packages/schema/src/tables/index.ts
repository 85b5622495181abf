export { type ClusterStatus, clusterStatus, type NewClusterStatus } from './cluster-status.ts';
export { type Dataset, datasets, type NewDataset } from './datasets.ts';
export { type DfpOrder, dfpOrders, type NewDfpOrder } from './dfp-orders.ts';
export { type Feature, features, type NewFeature } from './features.ts';
export { type History, history, type NewHistory } from './history.ts';
export { type JobConfig, jobConfigs, type NewJobConfig } from './job-configs.ts';
export { type NewPostprocessor, type Postprocessor, postprocessors } from './postprocessors.ts';
export { type NewSchedule, type Schedule, schedules } from './schedules.ts';
export { type NewTag, type Tag, tags } from './tags.ts';
export { type NewTraitWorkflow, type TraitWorkflow, traitWorkflows } from './trait-workflows.ts';
export {
  type NewWorkflowDataset,
  type WorkflowDataset,
  workflowDatasets,
} from './workflow-datasets.ts';
export {
  type NewWorkflowFeature,
  type WorkflowFeature,
  workflowFeatures,
} from './workflow-features.ts';
export {
  type NewWorkflowJobConfig,
  type WorkflowJobConfig,
  workflowJobConfigs,
} from './workflow-job-configs.ts';
export { type NewWorkflowTag, type WorkflowTag, workflowTags } from './workflow-tags.ts';
export { type NewWorkflow, type Workflow, workflows } from './workflows.ts';
