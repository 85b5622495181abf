import type { z } from 'zod';
import { databricksRun, jarRun, oneNotebookRun } from './databricks-run.ts';
import { jsonTree } from './json-tree.ts';
import { mlflowProject } from './mlflow-project.ts';

const run = jsonTree(databricksRun);
const project = jsonTree(mlflowProject);

const definitions = {
  SpireNotebookJobConfig: run,
  SpireTrainingNotebookJobConfig: run,
  SpireScoringNotebookJobConfig: run,
  SpireVendorNotebookJobConfig: run,
  OneNotebookJobConfig: jsonTree(oneNotebookRun),
  SpireJarJobConfig: jsonTree(jarRun),
  MLFlowProjectAssemblyJobConfig: project,
  MLFlowProjectTrainingJobConfig: project,
  MLFlowProjectScoringJobConfig: project,
};

/** A kind of job config. */
export type JobConfigType = keyof typeof definitions;

/** The kinds of job configs that there are. */
export const JOB_CONFIG_TYPES = Object.keys(definitions) as readonly JobConfigType[];

/** What a job config holds, whatever its type: a Databricks run or an MLflow project's. */
export type JobConfigDefinition = z.infer<(typeof definitions)[JobConfigType]>;

/**
 * What a job config of a type holds. It may be partly filled: a context fills the rest when it runs.
 * Unknown keys are kept.
 *
 * @example
 * jobConfigDefinition('SpireJarJobConfig').parse({new_cluster: {}, spark_jar_task: {main_class_name: 'Main'}});
 */
export function jobConfigDefinition(type: JobConfigType): z.ZodType<JobConfigDefinition> {
  return definitions[type];
}
