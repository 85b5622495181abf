/**
 * A few of each kind of row that the baseline lets in and a modern schema doesn't. Runs where
 * `practice` and `pg_temp.id_of` are: a number is that of a workflow, and each has one fault.
 */
export const BAD_ROWS = `
-- The same pair twice.
insert into workflow_datasets values (pg_temp.id_of('workflow', 1), pg_temp.id_of('dataset', 1));
insert into workflow_features values (pg_temp.id_of('workflow', 1), pg_temp.id_of('feature', 2));
insert into workflow_tags select * from workflow_tags
where workflow_id in (pg_temp.id_of('workflow', 1), pg_temp.id_of('workflow', 2));

-- Two datasets on a workflow.
insert into workflow_datasets values
  (pg_temp.id_of('workflow', 3), pg_temp.id_of('dataset', 4)),
  (pg_temp.id_of('workflow', 4), pg_temp.id_of('dataset', 5));

-- Two schedules: the same one, and another one.
insert into schedules select * from schedules where workflow_id = pg_temp.id_of('workflow', 5);
insert into schedules
select pg_temp.id_of('workflow', 6), definition from schedules
where workflow_id = pg_temp.id_of('workflow', 7);

-- Two traits, one and none besides, and none at all.
insert into trait_workflows values
  (90008, pg_temp.id_of('workflow', 8)),
  (null, pg_temp.id_of('workflow', 9));
update trait_workflows set trait_id = null where workflow_id = pg_temp.id_of('workflow', 10);

-- Two job configs for a stage, and stages of another spelling and unknown ones.
insert into workflow_jobconfigs values
  (pg_temp.id_of('workflow', 11), 'legacy-jar', 'TRAINING'),
  (pg_temp.id_of('workflow', 12), 'ncs-scoring', 'SCORING');
update workflow_jobconfigs set stage = 'Training'
where workflow_id = pg_temp.id_of('workflow', 13) and stage = 'TRAINING';
insert into workflow_jobconfigs values (pg_temp.id_of('workflow', 14), 'foundation', 'WARMUP');

-- Two cluster statuses for a stage: the same one, and another one.
insert into cluster_status values
  (pg_temp.id_of('workflow', 15), 'assembly_status', pg_temp.id_of('second', 15)),
  (pg_temp.id_of('workflow', 16), 'training_status', pg_temp.id_of('second', 16));
insert into assembly_status values
  ('0101-000000-assembly15', 100015, pg_temp.id_of('second', 15));
insert into training_status values ('0202-000000-training16', 200999, pg_temp.id_of('second', 16));
update cluster_status set stage = 'Assembly_Status' where id = pg_temp.id_of('assembly_status', 17);
update cluster_status set stage = 'warmup_status' where id = pg_temp.id_of('scoring_status', 18);

-- Runs with the same id: the same one, and another one.
insert into history select * from history where id = pg_temp.id_of('training', 19001);
insert into history
select id, workflow_id, stage, arg_date, execution_date + interval '1 hour', stats, info, 'failed',
  warnings, 'It was run again', traceback
from history where id = pg_temp.id_of('training', 20001);

-- Runs of nobody.
insert into history (id, stage, arg_date, execution_date, stats, info, status, warnings)
select pg_temp.id_of('nobody', n), 'scoring', current_date - n, current_date - n, '{}', '{}',
  'success', '{}'
from generate_series(1, 3) n;

-- Stages and statuses of another spelling, and unknown ones.
update history set stage = 'TRAINING' where id = pg_temp.id_of('training', 21001);
update history set stage = 'Scoring' where id = pg_temp.id_of('scoring', 21001);
update history set stage = 'warmup' where id = pg_temp.id_of('assembly', 21001);
update history set status = 'SUCCESS' where id = pg_temp.id_of('training', 21002);
update history set status = 'Failed' where id = pg_temp.id_of('assembly', 21002);
update history set status = 'Model Load Error' where id = pg_temp.id_of('scoring', 21002);
update history set status = 'exploded' where id = pg_temp.id_of('training', 21003);
-- Scoring's alone.
update history set status = 'model_load_error' where id = pg_temp.id_of('assembly', 21003);

-- JSON that is missing, null, or no object.
update datasets set definition = null where id = pg_temp.id_of('dataset', 22);
update datasets set definition = 'null' where id = pg_temp.id_of('dataset', 23);
update datasets set definition = '[1, 2]' where id = pg_temp.id_of('dataset', 24);
update schedules set definition = null where workflow_id = pg_temp.id_of('workflow', 26);
update schedules set definition = 'null' where workflow_id = pg_temp.id_of('workflow', 27);
update schedules set definition = '"daily"' where workflow_id = pg_temp.id_of('workflow', 28);
insert into features values
  (pg_temp.id_of('feature', 101), null),
  (pg_temp.id_of('feature', 102), 'null'),
  (pg_temp.id_of('feature', 103), '["clicks"]');
insert into workflow_features
select pg_temp.id_of('workflow', n), pg_temp.id_of('feature', 72 + n) from generate_series(29, 31) n;
insert into job_configs (name, type, definition) values
  ('broken-null', 'SpireJarJobConfig', 'null'),
  ('broken-list', 'SpireJarJobConfig', '[]'),
  ('unknown-type', 'SomethingElse', '{}');
insert into workflow_jobconfigs values (pg_temp.id_of('workflow', 32), 'broken-list', 'POSTPROCESSING');
update history set stats = 'null' where id = pg_temp.id_of('training', 34001);
update history set info = '[1]' where id = pg_temp.id_of('training', 34002);
update history set warnings = '"late"' where id = pg_temp.id_of('training', 34003);

-- An array's text beside one number.
update thresholds set thresholds = 0.5, buckets = '{low,"very high"}'
where id = pg_temp.id_of('postprocess', 36);
update thresholds set thresholds = 0.25, buckets = '["no", "yes"]'
where id = pg_temp.id_of('postprocess', 42);
`;
