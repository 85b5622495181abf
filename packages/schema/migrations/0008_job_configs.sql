-- spire:irreversible rows were merged and set aside, and the former tables can't say which
-- spire:allow adding-foreign-key-constraint,adding-not-nullable-field,adding-serial-primary-key-field reason=the former tables are modernised once, while nobody uses them
-- spire:allow changing-column-type,constraint-missing-not-valid,renaming-table reason=the former tables are modernised once, while nobody uses them
-- spire:allow require-concurrent-index-creation reason=the former tables are modernised once, while nobody uses them
-- One job config a workflow and stage; stages are spelled as everywhere else. Of several job configs of a
-- stage the one is kept whose name comes first.
lock table job_configs, workflow_jobconfigs in access exclusive mode;
--> statement-breakpoint
insert into spire.legacy_rows (source_table, target_table, found) values
  ('job_configs', 'job_configs', (select count(*) from job_configs)),
  ('workflow_jobconfigs', 'workflow_job_configs', (select count(*) from workflow_jobconfigs));
--> statement-breakpoint
-- json holds what jsonb can't, such as \u0000: such a text can't become a definition.
create function pg_temp.holds_object(written json) returns boolean language plpgsql as $$
begin
  return coalesce(jsonb_typeof(written::jsonb) = 'object', false);
exception when data_exception or program_limit_exceeded then
  return false;
end
$$;
--> statement-breakpoint
create temporary table bad_job_configs on commit drop as
select name from job_configs where not pg_temp.holds_object(definition);
--> statement-breakpoint
with bad as (
  delete from workflow_jobconfigs link
  where job_config_name in (select name from bad_job_configs)
    or lower(btrim(stage)) not in ('assembly', 'training', 'scoring', 'postprocessing')
  returning
    case
      when job_config_name in (select name from bad_job_configs) then 'its job config was set aside'
      else 'its stage is unknown'
    end as reason,
    row_to_json(link) as row
)
insert into spire.quarantine (source_table, reason, row)
select 'workflow_jobconfigs', reason, row from bad;
--> statement-breakpoint
with bad as (
  delete from job_configs where name in (select name from bad_job_configs)
  returning row_to_json(job_configs) as row
)
insert into spire.quarantine (source_table, reason, row)
select 'job_configs', 'its definition is no JSON object that jsonb can hold', row from bad;
--> statement-breakpoint
with ranked as (
  select ctid as place,
    row_number() over of_stage as rank,
    job_config_name = first_value(job_config_name) over of_stage as same
  from workflow_jobconfigs
  window of_stage as (
    partition by workflow_id, lower(btrim(stage))
    order by job_config_name collate "C", stage collate "C"
  )
), removed as (
  delete from workflow_jobconfigs link using ranked where link.ctid = place and rank > 1
  returning same, row_to_json(link) as row
), set_aside as (
  insert into spire.quarantine (source_table, reason, row)
  select 'workflow_jobconfigs', 'the stage has another job config, whose name comes first', row
  from removed where not same
)
update spire.legacy_rows set merged = (select count(*) from removed where same)
where source_table = 'workflow_jobconfigs';
--> statement-breakpoint
alter table workflow_jobconfigs
  drop constraint workflow_jobconfigs_pkey,
  drop constraint workflow_jobconfigs_workflow_id_fkey,
  drop constraint workflow_jobconfigs_job_config_name_fkey;
--> statement-breakpoint
alter table job_configs
  alter column name type text,
  alter column type type text,
  alter column definition type jsonb using definition::jsonb,
  alter column created_at type timestamptz using coalesce(
    created_at at time zone 'UTC', modified_at at time zone 'UTC', now()
  ),
  alter column created_at set default now(),
  alter column created_at set not null,
  alter column modified_at type timestamptz using coalesce(
    modified_at at time zone 'UTC', created_at at time zone 'UTC', now()
  ),
  alter column modified_at set default now(),
  alter column modified_at set not null,
  add constraint job_configs_definition_check check (jsonb_typeof(definition) = 'object');
--> statement-breakpoint
alter table workflow_jobconfigs rename to workflow_job_configs;
--> statement-breakpoint
alter table workflow_job_configs
  alter column job_config_name type text,
  alter column stage type text using lower(btrim(stage));
--> statement-breakpoint
alter table workflow_job_configs
  add constraint workflow_job_configs_pkey primary key (workflow_id, stage),
  add constraint workflow_job_configs_stage_check
    check (stage in ('assembly', 'training', 'scoring', 'postprocessing')),
  add constraint workflow_job_configs_workflow_id_workflows_id_fk
    foreign key (workflow_id) references workflows (id) on delete cascade,
  add constraint workflow_job_configs_job_config_name_job_configs_name_fk
    foreign key (job_config_name) references job_configs (name)
    on delete restrict on update cascade;
--> statement-breakpoint
create index workflow_job_configs_job_config_name_idx on workflow_job_configs (job_config_name);
--> statement-breakpoint
update spire.legacy_rows set
  carried = (select count(*) from job_configs),
  quarantined = (select count(*) from spire.quarantine where source_table = 'job_configs')
where source_table = 'job_configs';
--> statement-breakpoint
update spire.legacy_rows set
  carried = (select count(*) from workflow_job_configs),
  quarantined = (select count(*) from spire.quarantine where source_table = 'workflow_jobconfigs')
where source_table = 'workflow_jobconfigs';
--> statement-breakpoint
drop function pg_temp.holds_object (json);
