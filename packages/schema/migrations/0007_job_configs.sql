-- One job config a workflow and stage; stages are spelled as everywhere else.
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
delete from workflow_job_configs a using workflow_job_configs b
where a.ctid > b.ctid
  and a.workflow_id = b.workflow_id
  and a.stage = b.stage
  and a.job_config_name = b.job_config_name;
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
