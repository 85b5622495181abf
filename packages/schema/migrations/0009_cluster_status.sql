-- spire:irreversible rows were merged and set aside, and the former tables can't say which
-- spire:allow adding-serial-primary-key-field,ban-drop-table reason=the former tables are modernised once, while nobody uses them
-- spire:allow unread-block reason=it gives the former table's grants to the new one
-- One table instead of four: the stage says what the name of the table said. Of several statuses of a
-- workflow's stage the one with the highest run id is kept.
lock table cluster_status, assembly_status, training_status, scoring_status in access exclusive mode;
--> statement-breakpoint
insert into spire.legacy_rows (source_table, target_table, found) values
  ('cluster_status', 'cluster_status', (select count(*) from cluster_status)),
  ('assembly_status', 'cluster_status', (select count(*) from assembly_status)),
  ('training_status', 'cluster_status', (select count(*) from training_status)),
  ('scoring_status', 'cluster_status', (select count(*) from scoring_status));
--> statement-breakpoint
create temporary table former_details on commit drop as
select 'assembly' as stage, assembly_status.* from assembly_status
union all
select 'training', training_status.* from training_status
union all
select 'scoring', scoring_status.* from scoring_status;
--> statement-breakpoint
-- A detail in another stage's table doesn't count.
create temporary table former_statuses on commit drop as
select
  former.id,
  former.workflow_id,
  former.stage as written,
  regexp_replace(lower(btrim(former.stage)), '_status$', '') as stage,
  details.cluster_id,
  details.run_id,
  null::text as fate
from cluster_status former
left join former_details details
  on details.id = former.id
  and details.stage = regexp_replace(lower(btrim(former.stage)), '_status$', '');
--> statement-breakpoint
update former_statuses set fate = case
  when workflow_id is null then 'it names no workflow'
  when stage is null then 'it names no stage'
  when stage not in ('assembly', 'training', 'scoring', 'postprocessing') then 'its stage is unknown'
end;
--> statement-breakpoint
with ranked as (
  select id,
    row_number() over of_stage as rank,
    cluster_id is not distinct from first_value(cluster_id) over of_stage
      and run_id is not distinct from first_value(run_id) over of_stage as same
  from former_statuses
  where fate is null
  window of_stage as (
    partition by workflow_id, stage order by run_id desc nulls last, cluster_id collate "C", id
  )
)
update former_statuses set fate = case
  when same then 'merged'
  else 'the stage has another status, with a higher run id'
end
from ranked
where ranked.id = former_statuses.id and rank > 1;
--> statement-breakpoint
insert into spire.quarantine (source_table, reason, row)
select 'cluster_status', fate, row_to_json(cluster_status)
from cluster_status
join former_statuses using (id)
where fate <> 'merged';
--> statement-breakpoint
insert into spire.quarantine (source_table, reason, row)
select
  details.stage || '_status',
  case
    when statuses.fate <> 'merged' then 'its cluster status was set aside'
    else 'its cluster status is of another stage'
  end,
  json_build_object(
    'cluster_id', details.cluster_id, 'run_id', details.run_id, 'id', details.id
  )
from former_details details
join former_statuses statuses on statuses.id = details.id
where statuses.fate <> 'merged' or details.stage is distinct from statuses.stage;
--> statement-breakpoint
-- Who might read or write it may so from now on, too.
create temporary table former_cluster_status_grants on commit drop as
select coalesce(quote_ident(rolname), 'public') as grantee, privilege_type, is_grantable
from pg_class
cross join aclexplode(relacl)
left join pg_roles on pg_roles.oid = grantee
where pg_class.oid = 'cluster_status'::regclass and grantee <> relowner;
--> statement-breakpoint
drop table assembly_status, training_status, scoring_status, cluster_status;
--> statement-breakpoint
create table cluster_status (
  workflow_id uuid not null,
  stage text not null,
  cluster_id text,
  run_id bigint
);
--> statement-breakpoint
do $$
declare
  given record;
begin
  for given in select * from former_cluster_status_grants loop
    execute format('grant %s on cluster_status to %s%s', given.privilege_type, given.grantee,
      case when given.is_grantable then ' with grant option' else '' end);
  end loop;
end
$$;
--> statement-breakpoint
insert into cluster_status (workflow_id, stage, cluster_id, run_id)
select workflow_id, stage, cluster_id, run_id from former_statuses where fate is null;
--> statement-breakpoint
alter table cluster_status
  add constraint cluster_status_pkey primary key (workflow_id, stage),
  add constraint cluster_status_stage_check
    check (stage in ('assembly', 'training', 'scoring', 'postprocessing')),
  add constraint cluster_status_workflow_id_workflows_id_fk
    foreign key (workflow_id) references workflows (id) on delete cascade;
--> statement-breakpoint
update spire.legacy_rows set
  carried = (select count(*) from cluster_status),
  merged = (select count(*) from former_statuses where fate = 'merged'),
  quarantined = (select count(*) from spire.quarantine where source_table = 'cluster_status')
where source_table = 'cluster_status';
--> statement-breakpoint
-- A detail has become columns of its cluster status.
update spire.legacy_rows legacy set
  carried = 0,
  merged = (
    select count(*)
    from former_details details
    join former_statuses statuses using (id, stage)
    where details.stage || '_status' = legacy.source_table
      and coalesce(statuses.fate, 'merged') = 'merged'
  ),
  quarantined = (
    select count(*) from spire.quarantine set_aside
    where set_aside.source_table = legacy.source_table
  )
where source_table in ('assembly_status', 'training_status', 'scoring_status');
