import { SEED_VENDORS, seedJobConfigs } from '../seed-definitions.ts';

const CLUSTER = { spark_version: '15.4.x-scala2.12', node_type_id: 'm5.2xlarge', num_workers: 8 };

const project = (entryPoint: string) => ({
  uri: 'git+https://git.example.com/models/foundation',
  entry_point: entryPoint,
  version: 'main',
  experiment_id: '42',
  parameters: {},
});

/** Job configs of every known type, a name each. None holds a secret. */
export function legacyJobConfigs() {
  return [
    ...SEED_VENDORS.flatMap(seedJobConfigs),
    {
      name: 'foundation',
      type: 'SpireNotebookJobConfig',
      definition: {
        new_cluster: CLUSTER,
        notebook_task: { notebook_path: '/spire/foundation', base_parameters: {} },
      },
    },
    {
      name: 'postprocessing',
      type: 'OneNotebookJobConfig',
      definition: {
        new_cluster: CLUSTER,
        notebook_task: {
          notebook_path: '/spire/one',
          base_parameters: { target_module: 'spire.postprocess', target_method: 'run', args: '{}' },
        },
      },
    },
    {
      name: 'legacy-jar',
      type: 'SpireJarJobConfig',
      definition: {
        new_cluster: CLUSTER,
        spark_jar_task: { main_class_name: 'com.example.spire.Training' },
        libraries: [{ jar: 'dbfs:/spire/training.jar' }],
      },
    },
    {
      name: 'mlflow-assembly',
      type: 'MLFlowProjectAssemblyJobConfig',
      definition: project('assemble'),
    },
    {
      name: 'mlflow-training',
      type: 'MLFlowProjectTrainingJobConfig',
      definition: project('train'),
    },
    { name: 'mlflow-scoring', type: 'MLFlowProjectScoringJobConfig', definition: project('score') },
  ];
}
