import { z } from 'zod';
import { expected } from './expected.ts';
import { parameters, sparkEnvVars } from './variables.ts';

const aUri = expected('where the project is, such as "https://github.com/organisation/project"');
const anEntryPoint = expected('an entry point of the project such as "main"');
const anExperiment = expected('the id of an experiment such as "1234"');

/** A run of an MLflow project. */
export const mlflowProject = z.looseObject(
  {
    uri: z.string(aUri).min(1, aUri),
    entry_point: z.string(anEntryPoint).min(1, anEntryPoint),
    version: z.string(expected('a branch, tag or commit')).nullish(),
    parameters,
    experiment_id: z.union([z.string(), z.int()], anExperiment),
    backend_config: z
      .looseObject(
        { spark_env_vars: sparkEnvVars.nullish() },
        expected('an object such as {"spark_env_vars": {...}}'),
      )
      .nullish(),
  },
  expected('an MLflow run such as {"uri": ..., "entry_point": ..., "parameters": {...}, ...}'),
);
