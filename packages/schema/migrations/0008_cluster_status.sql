-- One table instead of four: the stage says what the name of the table said.
alter table cluster_status rename to former_cluster_status;
--> statement-breakpoint
create table cluster_status (
  workflow_id uuid not null,
  stage text not null,
  cluster_id text,
  run_id bigint
);
--> statement-breakpoint
insert into cluster_status (workflow_id, stage, cluster_id, run_id)
select distinct
  former.workflow_id,
  regexp_replace(lower(btrim(former.stage)), '_status$', ''),
  used.cluster_id,
  used.run_id
from former_cluster_status former
left join (
  select id, cluster_id, run_id from assembly_status
  union all
  select id, cluster_id, run_id from training_status
  union all
  select id, cluster_id, run_id from scoring_status
) used on used.id = former.id;
--> statement-breakpoint
drop table assembly_status, training_status, scoring_status, former_cluster_status;
--> statement-breakpoint
alter table cluster_status
  add constraint cluster_status_pkey primary key (workflow_id, stage),
  add constraint cluster_status_stage_check
    check (stage in ('assembly', 'training', 'scoring', 'postprocessing')),
  add constraint cluster_status_workflow_id_workflows_id_fk
    foreign key (workflow_id) references workflows (id) on delete cascade;
