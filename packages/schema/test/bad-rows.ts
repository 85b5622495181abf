/** Rows that break a rule of the modern schema, and what is to become of each. */
export interface BadRows {
  readonly kind: string;
  /** Added to `legacyRows`. */
  readonly sql: string;
  /** What is set aside: table, reason, and a part of the row that tells it from others. */
  readonly quarantined: readonly (readonly [table: string, reason: string, part: object])[];
  /** How many more rows than those of `legacyRows` are merged, by table. */
  readonly merged?: Readonly<Record<string, number>>;
  /** A question to the modern tables, and its answer. */
  readonly kept?: readonly [question: string, answer: unknown];
}

const id = (end: string) => `00000000-0000-4000-8000-${end.padStart(12, '0')}`;
const ADOBE = id('1');
const NCS = id('2');
const run = (end: string, more: Record<string, string> = {}) => {
  const row = {
    id: `'${id(end)}'`,
    workflow_id: `'${ADOBE}'`,
    stage: `'training'`,
    execution_date: `'2020-05-06'`,
    stats: `'{}'`,
    info: `'{}'`,
    status: `'success'`,
    warnings: `'{}'`,
    ...more,
  };
  return `insert into history (${Object.keys(row).join(', ')}) values (${Object.values(row).join(', ')});`;
};

/** Written by hand: one entry a kind, with the fate of each row. */
export const badRows: readonly BadRows[] = [
  {
    kind: 'a pair twice in a link table',
    sql: `insert into workflow_datasets values ('${NCS}', '${id('b')}'), ('${NCS}', '${id('b')}');
      insert into workflow_features values ('${ADOBE}', '${id('f')}');
      insert into workflow_tags values ('${ADOBE}', '${id('aa')}');`,
    quarantined: [],
    merged: { workflow_datasets: 1, workflow_features: 1, workflow_tags: 1 },
  },
  {
    kind: 'two datasets on one workflow',
    sql: `insert into workflow_datasets values ('${ADOBE}', '${id('b')}'), ('${ADOBE}', '${id('b')}');`,
    quarantined: [
      [
        'workflow_datasets',
        'the workflow has another dataset, with a lower id',
        { dataset_id: id('b') },
      ],
      [
        'workflow_datasets',
        'the workflow has another dataset, with a lower id',
        { dataset_id: id('b') },
      ],
    ],
    kept: [`select dataset_id from workflow_datasets where workflow_id = '${ADOBE}'`, id('a')],
  },
  {
    kind: 'a dataset without a definition, on a workflow that has another',
    sql: `insert into datasets values ('${id('0')}', null), ('${id('9')}', '[1]');
      insert into workflow_datasets values ('${ADOBE}', '${id('0')}');`,
    quarantined: [
      ['datasets', 'its definition is no JSON object', { id: id('0'), definition: null }],
      ['datasets', 'its definition is no JSON object', { id: id('9'), definition: [1] }],
      ['workflow_datasets', 'its dataset was set aside', { dataset_id: id('0') }],
    ],
    kept: [`select dataset_id from workflow_datasets where workflow_id = '${ADOBE}'`, id('a')],
  },
  {
    kind: 'links that lead nowhere',
    sql: `insert into workflow_datasets values (null, '${id('a')}'), ('${ADOBE}', null), (null, null);
      insert into workflow_features values (null, '${id('f')}'), ('${ADOBE}', null);
      insert into workflow_tags values (null, '${id('aa')}'), ('${ADOBE}', null), ('${ADOBE}', null);`,
    quarantined: [
      ['workflow_datasets', 'it names no workflow', { workflow_id: null, dataset_id: id('a') }],
      ['workflow_datasets', 'it names no dataset', { workflow_id: ADOBE, dataset_id: null }],
      ['workflow_datasets', 'it names no workflow', { workflow_id: null, dataset_id: null }],
      ['workflow_features', 'it names no workflow', { features_id: id('f') }],
      ['workflow_features', 'it names no feature', { workflow_id: ADOBE, features_id: null }],
      ['workflow_tags', 'it names no workflow', { tag_id: id('aa') }],
      ['workflow_tags', 'it names no tag', { workflow_id: ADOBE, tag_id: null }],
      ['workflow_tags', 'it names no tag', { workflow_id: ADOBE, tag_id: null }],
    ],
  },
  {
    kind: 'features whose definition is none, or holds what jsonb cannot',
    sql: `insert into features values ('${id('f1')}', null), ('${id('f2')}', '"text"'),
        ('${id('f3')}', '{"name": "a\\u0000b"}'), ('${id('f4')}', '{"name": "\\ud800"}'),
        ('${id('f5')}', '{"size": 1e999999}');
      insert into workflow_features values ('${ADOBE}', '${id('f3')}');`,
    quarantined: [
      ['features', 'its definition is no JSON object that jsonb can hold', { id: id('f1') }],
      ['features', 'its definition is no JSON object that jsonb can hold', { definition: 'text' }],
      [
        'features',
        'its definition is no JSON object that jsonb can hold',
        { definition: { name: 'a\0b' } },
      ],
      [
        'features',
        'its definition is no JSON object that jsonb can hold',
        { definition: { name: '\ud800' } },
      ],
      ['features', 'its definition is no JSON object that jsonb can hold', { id: id('f5') }],
      ['workflow_features', 'its feature was set aside', { features_id: id('f3') }],
    ],
  },
  {
    kind: 'several traits for a workflow, and none',
    sql: `insert into trait_workflows values (7, '${ADOBE}'), (9, '${NCS}'), (8, '${NCS}'), (null, '${NCS}');`,
    quarantined: [
      // The name ends with 30.
      [
        'trait_workflows',
        'the workflow has another trait: the one of its name, or a lower one',
        { trait_id: 7 },
      ],
      [
        'trait_workflows',
        'the workflow has another trait: the one of its name, or a lower one',
        { trait_id: 9 },
      ],
      ['trait_workflows', 'it names no trait', { trait_id: null, workflow_id: NCS }],
    ],
    kept: [`select string_agg(trait_id::text, ',' order by trait_id) from trait_workflows`, '8,30'],
  },
  {
    kind: 'several schedules for a workflow, and some that are none',
    sql: `insert into schedules values ('${ADOBE}', '{"logic": "scheduled_stages", "args": {}, "a": 1}'),
      ('${NCS}', null), ('${NCS}', 'null'), ('${NCS}', '[]'), ('${NCS}', '{"b": 1}'), ('${NCS}', '{ "b":1}');`,
    quarantined: [
      // jsonb writes shorter keys first: {"a": 1, "args"...} comes before {"args"...}.
      [
        'schedules',
        'the workflow has another schedule, whose text comes first',
        { workflow_id: ADOBE },
      ],
      [
        'schedules',
        'the workflow has another schedule, whose text comes first',
        { workflow_id: ADOBE },
      ],
      ['schedules', 'its definition is no JSON object', { workflow_id: NCS, definition: null }],
      ['schedules', 'its definition is no JSON object', { workflow_id: NCS, definition: null }],
      ['schedules', 'its definition is no JSON object', { workflow_id: NCS, definition: [] }],
    ],
    // One of the two equal ones of NCS; the two of ADOBE are no longer merged, but set aside.
    merged: { schedules: 1 - 1 },
    kept: [`select definition->>'a' from schedules where workflow_id = '${ADOBE}'`, '1'],
  },
  {
    kind: 'several job configs for a stage, and an unknown stage',
    sql: `insert into workflow_jobconfigs values ('${ADOBE}', 'old', 'TRAINING'), ('${ADOBE}', 'old', ' training '), ('${NCS}', 'old', 'COOKING');`,
    quarantined: [
      [
        'workflow_jobconfigs',
        'the stage has another job config, whose name comes first',
        { job_config_name: 'old', stage: 'TRAINING' },
      ],
      [
        'workflow_jobconfigs',
        'the stage has another job config, whose name comes first',
        { job_config_name: 'old', stage: ' training ' },
      ],
      ['workflow_jobconfigs', 'its stage is unknown', { stage: 'COOKING' }],
    ],
    kept: [
      `select job_config_name from workflow_job_configs where stage = 'training'`,
      'adobe-training',
    ],
  },
  {
    kind: 'job configs whose definition is none',
    sql: `insert into job_configs values ('null', 'x', 'null'), ('list', 'x', '[]'), ('zero', 'x', '{"a": "\\u0000"}');
      insert into workflow_jobconfigs values ('${NCS}', 'zero', 'SCORING');`,
    quarantined: [
      [
        'job_configs',
        'its definition is no JSON object that jsonb can hold',
        { name: 'null', definition: null },
      ],
      ['job_configs', 'its definition is no JSON object that jsonb can hold', { name: 'list' }],
      [
        'job_configs',
        'its definition is no JSON object that jsonb can hold',
        { name: 'zero', definition: { a: '\0' } },
      ],
      ['workflow_jobconfigs', 'its job config was set aside', { job_config_name: 'zero' }],
    ],
  },
  {
    kind: 'several cluster statuses for a stage',
    sql: `insert into cluster_status values
        ('${NCS}', 'TRAINING_STATUS', '${id('c4')}'), ('${NCS}', 'training_status', '${id('c5')}'),
        ('${NCS}', 'training_status', '${id('c6')}'), ('${NCS}', 'training_status', '${id('c7')}');
      insert into training_status values ('one', 5, '${id('c4')}'), ('two', 9, '${id('c5')}'), ('two', 9, '${id('c6')}');`,
    quarantined: [
      ['cluster_status', 'the stage has another status, with a higher run id', { id: id('c4') }],
      ['cluster_status', 'the stage has another status, with a higher run id', { id: id('c7') }],
      [
        'training_status',
        'its cluster status was set aside',
        { id: id('c4'), cluster_id: 'one', run_id: 5 },
      ],
    ],
    merged: { cluster_status: 1, training_status: 2 },
    kept: [
      `select cluster_id from cluster_status where workflow_id = '${NCS}' and stage = 'training'`,
      'two',
    ],
  },
  {
    kind: 'cluster statuses of no workflow, of no stage or with a detail of another',
    sql: `insert into cluster_status values (null, 'scoring_status', '${id('c8')}'), ('${ADOBE}', null, '${id('c9')}'),
        ('${ADOBE}', 'cooking', '${id('ca')}');
      insert into scoring_status values ('x', 1, '${id('c8')}'), ('y', 2, '${id('c9')}');
      insert into training_status values ('z', 3, '${id('c1')}');`,
    quarantined: [
      ['cluster_status', 'it names no workflow', { id: id('c8') }],
      ['cluster_status', 'it names no stage', { id: id('c9') }],
      ['cluster_status', 'its stage is unknown', { id: id('ca') }],
      ['scoring_status', 'its cluster status was set aside', { cluster_id: 'x' }],
      ['scoring_status', 'its cluster status was set aside', { cluster_id: 'y' }],
      ['training_status', 'its cluster status is of another stage', { cluster_id: 'z' }],
    ],
    kept: [
      `select cluster_id from cluster_status where workflow_id = '${ADOBE}' and stage = 'assembly'`,
      '0101-a',
    ],
  },
  {
    kind: 'bucket names that are no list of names',
    sql: `insert into postprocess
        select '${NCS}', ('00000000-0000-4000-8000-0000000000e' || n)::uuid, 'thresholder' from generate_series(0, 7) n;
      insert into thresholds values
        ('${id('e0')}', 'decile', 'NaN', '{{a},{b}}'), ('${id('e1')}', 'decile', 'Infinity', '{"a": 1}'),
        ('${id('e2')}', 'decile', 0, '{'), ('${id('e3')}', 'decile', 0, '["a", '), ('${id('e4')}', 'decile', 0, ''),
        ('${id('e5')}', 'decile', 0, '[{"a": 1}, null]'),
        ('${id('e6')}', 'decile', 0, '{{{{{{{a}}}}}}}'), ('${id('e7')}', 'decile', 0, repeat('[', 100000));`,
    quarantined: [],
    merged: { thresholds: 8 },
    kept: [
      `select string_agg(buckets::text, ' ' order by id) from postprocessors where id::text like '%0e_' and length(buckets::text) < 1000`,
      '{"{{a},{b}}"} {"{\\"a\\": 1}"} {"{"} {"[\\"a\\", "} {""} {"{\\"a\\": 1}",NULL} {"{{{{{{{a}}}}}}}"}',
    ],
  },
  {
    kind: 'days that no time can hold, and days without end',
    sql: `insert into workflows values
      ('${id('71')}', 'far', '', '300000-01-01', '300000-01-01'), ('${id('72')}', 'endless', '', 'infinity', null),
      ('${id('73')}', 'old', '', '0044-03-15 BC', '-infinity');`,
    quarantined: [],
    kept: [
      `select string_agg(concat_ws(' ', (created_at at time zone 'UTC')::date, (modified_at at time zone 'UTC')::date), ', ' order by name)
       from workflows where id::text like '%00007_'`,
      'infinity infinity, 294276-12-31 294276-12-31, 0044-03-15 BC -infinity',
    ],
  },
  {
    kind: 'a postprocessor of no workflow',
    sql: `insert into postprocess values (null, '${id('d8')}', 'thresholder'), (null, '${id('d9')}', 'mlflow_scores');
      insert into thresholds values ('${id('d8')}', 'decile', 0.1, 'a');`,
    quarantined: [
      ['postprocess', 'it names no workflow', { id: id('d8') }],
      ['postprocess', 'it names no workflow', { id: id('d9') }],
      ['thresholds', 'its postprocessor was set aside', { id: id('d8'), thresholds: 0.1 }],
    ],
  },
  {
    kind: 'runs of no workflow, and of unknown stages and statuses',
    sql: [
      run('f1', { workflow_id: 'null' }),
      run('f1', { workflow_id: 'null' }),
      run('f2', { stage: `'cooking'` }),
      run('f3', { status: `'done'` }),
      run('f4', { status: `'Model Error'` }),
      run('f5', { status: `''`, stage: `'scoring'` }),
      run('f6', { status: `' RUNNING '`, stage: `'Post-Processing'` }),
      run('f7', { status: `' RUNNING '`, stage: `' PostProcessing'` }),
    ].join('\n'),
    quarantined: [
      ['history', 'it names no workflow', { id: id('f1') }],
      ['history', 'it names no workflow', { id: id('f1') }],
      ['history', 'its stage is unknown', { id: id('f2') }],
      ['history', 'its status is unknown', { id: id('f3') }],
      ['history', 'its status is unknown', { id: id('f4') }],
      ['history', 'its status is unknown', { id: id('f5') }],
      ['history', 'its stage is unknown', { id: id('f6') }],
    ],
    kept: [
      `select stage || ' ' || status from history where id = '${id('f7')}'`,
      'postprocessing running',
    ],
  },
  {
    kind: 'runs with the same id',
    sql: [
      run('fa'),
      run('fa'),
      run('fa', { execution_date: `'2020-05-07'` }),
      run('fa', { execution_date: 'null' }),
      run('fa', { execution_date: `'2020-05-07'` }),
      // This one says nothing about the others.
      run('fa', { stage: `'cooking'`, execution_date: `'2021-01-01'` }),
    ].join('\n'),
    quarantined: [
      [
        'history',
        'another run with the same id is kept',
        { execution_date: '2020-05-06T00:00:00' },
      ],
      [
        'history',
        'another run with the same id is kept',
        { execution_date: '2020-05-06T00:00:00' },
      ],
      ['history', 'another run with the same id is kept', { execution_date: null }],
      ['history', 'its stage is unknown', { id: id('fa') }],
    ],
    merged: { history: 1 },
    kept: [
      `select (execution_date at time zone 'UTC')::date::text from history where id = '${id('fa')}'`,
      '2020-05-07',
    ],
  },
  {
    kind: 'JSON of runs that is null or no object',
    sql: run('fb', { stats: `'null'`, info: `'"text"'`, warnings: `'[]'` }),
    quarantined: [],
    kept: [
      `select concat(stats, info, warnings) from history where id = '${id('fb')}'`,
      'null"text"[]',
    ],
  },
];
