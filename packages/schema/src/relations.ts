import { relations } from 'drizzle-orm';
import {
  clusterStatus,
  datasets,
  features,
  history,
  jobConfigs,
  postprocessors,
  schedules,
  tags,
  traitWorkflows,
  workflowDatasets,
  workflowFeatures,
  workflowJobConfigs,
  workflows,
  workflowTags,
} from './tables/index.ts';

/** From a workflow to everything that belongs to it. */
export const workflowsRelations = relations(workflows, ({ one, many }) => ({
  trait: one(traitWorkflows),
  dataset: one(workflowDatasets),
  schedule: one(schedules),
  features: many(workflowFeatures),
  tags: many(workflowTags),
  jobConfigs: many(workflowJobConfigs),
  postprocessors: many(postprocessors),
  clusterStatus: many(clusterStatus),
  history: many(history),
}));

export const traitWorkflowsRelations = relations(traitWorkflows, ({ one }) => ({
  workflow: one(workflows, { fields: [traitWorkflows.workflowId], references: [workflows.id] }),
}));

export const workflowDatasetsRelations = relations(workflowDatasets, ({ one }) => ({
  workflow: one(workflows, { fields: [workflowDatasets.workflowId], references: [workflows.id] }),
  dataset: one(datasets, { fields: [workflowDatasets.datasetId], references: [datasets.id] }),
}));

export const datasetsRelations = relations(datasets, ({ many }) => ({
  workflows: many(workflowDatasets),
}));

export const schedulesRelations = relations(schedules, ({ one }) => ({
  workflow: one(workflows, { fields: [schedules.workflowId], references: [workflows.id] }),
}));

export const workflowFeaturesRelations = relations(workflowFeatures, ({ one }) => ({
  workflow: one(workflows, { fields: [workflowFeatures.workflowId], references: [workflows.id] }),
  feature: one(features, { fields: [workflowFeatures.featureId], references: [features.id] }),
}));

export const featuresRelations = relations(features, ({ many }) => ({
  workflows: many(workflowFeatures),
}));

export const workflowTagsRelations = relations(workflowTags, ({ one }) => ({
  workflow: one(workflows, { fields: [workflowTags.workflowId], references: [workflows.id] }),
  tag: one(tags, { fields: [workflowTags.tagId], references: [tags.id] }),
}));

export const tagsRelations = relations(tags, ({ many }) => ({
  workflows: many(workflowTags),
}));

export const workflowJobConfigsRelations = relations(workflowJobConfigs, ({ one }) => ({
  workflow: one(workflows, { fields: [workflowJobConfigs.workflowId], references: [workflows.id] }),
  jobConfig: one(jobConfigs, {
    fields: [workflowJobConfigs.jobConfigName],
    references: [jobConfigs.name],
  }),
}));

export const jobConfigsRelations = relations(jobConfigs, ({ many }) => ({
  workflows: many(workflowJobConfigs),
}));

export const postprocessorsRelations = relations(postprocessors, ({ one }) => ({
  workflow: one(workflows, { fields: [postprocessors.workflowId], references: [workflows.id] }),
}));

export const clusterStatusRelations = relations(clusterStatus, ({ one }) => ({
  workflow: one(workflows, { fields: [clusterStatus.workflowId], references: [workflows.id] }),
}));

export const historyRelations = relations(history, ({ one }) => ({
  workflow: one(workflows, { fields: [history.workflowId], references: [workflows.id] }),
}));
