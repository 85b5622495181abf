import { z } from 'zod';
import { expected, expectedSecret } from './expected.ts';
import { parameters, sparkEnvVars } from './variables.ts';

const TASKS = [
  'notebook_task',
  'spark_jar_task',
  'spark_python_task',
  'spark_submit_task',
] as const;

const anObject = z.looseObject({}, expected('an object'));
const aPath = expected('the path of a notebook');
const aName = expected('a name in Python');
const someJson = expected('a JSON object in a text such as "{}"');
const someSeconds = expected('a number of seconds such as 3600');

const basicAuth = z.looseObject(
  {
    username: z.string(expectedSecret('a text')).nullish(),
    password: z.string(expectedSecret('a text')).nullish(),
  },
  expectedSecret('{"username": ..., "password": ...}'),
);

const dockerImage = z.looseObject(
  { url: z.string(expected('the address of an image')).nullish(), basic_auth: basicAuth.nullish() },
  expected('{"url": "the address of an image"}'),
);

const newCluster = z.looseObject(
  { spark_env_vars: sparkEnvVars.nullish(), docker_image: dockerImage.nullish() },
  expected('a cluster such as {"num_workers": 2}'),
);

const notebookTask = z.looseObject(
  { notebook_path: z.string(aPath).nullish(), base_parameters: parameters.nullish() },
  expected('{"notebook_path": "the path of a notebook"}'),
);

const oneNotebookTask = z.looseObject(
  {
    notebook_path: z.string(aPath).nullish(),
    base_parameters: z.looseObject(
      {
        target_module: z.string(aName).min(1, aName),
        target_method: z.string(aName).min(1, aName),
        args: z.string(someJson).refine(isJsonObject, someJson).nullish(),
      },
      expected('{"target_module": ..., "target_method": ..., "args": "{}"}'),
    ),
  },
  expected('{"base_parameters": {"target_module": ..., "target_method": ..., "args": "{}"}}'),
);

const fields = {
  new_cluster: newCluster,
  notebook_task: notebookTask.nullish(),
  spark_jar_task: anObject.nullish(),
  spark_python_task: anObject.nullish(),
  spark_submit_task: anObject.nullish(),
  libraries: z.array(anObject, expected('a list of libraries')).nullish(),
  timeout_seconds: z.int(someSeconds).min(0, someSeconds).nullish(),
  idempotency_token: z.string(expectedSecret('a text')).nullish(),
};

const aRun = expected('a Databricks run such as {"new_cluster": {...}, "notebook_task": {...}}');

/** What Databricks' runs-submit takes: a cluster and exactly one task. */
export const databricksRun = z.looseObject(fields, aRun).superRefine(requireOneTask);

/** A run of the notebook that calls one method of one module. */
export const oneNotebookRun = z
  .looseObject({ ...fields, notebook_task: oneNotebookTask }, aRun)
  .superRefine(requireOneTask);

/** A run of a jar. */
export const jarRun = z
  .looseObject({ ...fields, spark_jar_task: anObject }, aRun)
  .superRefine(requireOneTask);

function requireOneTask(
  run: Partial<Record<(typeof TASKS)[number], unknown>>,
  context: z.RefinementCtx,
) {
  const given = TASKS.filter((task) => run[task]);
  if (given.length === 1) return;
  const message = `expected exactly one of ${TASKS.join(', ')}, got ${given.join(' and ') || 'none'}`;
  context.addIssue({ code: 'custom', message });
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
