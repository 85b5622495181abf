import * as relations from './relations.ts';
import {
  clusterStatus,
  datasets,
  dfpOrders,
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

/**
 * Every table with its relations, as Drizzle wants it.
 *
 * @example
 * const db = drizzle(pool, {schema});
 * await db.query.workflows.findMany({with: {trait: true, tags: {with: {tag: true}}}});
 */
export const schema = {
  clusterStatus,
  datasets,
  dfpOrders,
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
  workflowTags,
  workflows,
  ...relations,
};
