-- spire:irreversible rows were merged and set aside, and the former tables can't say which
-- spire:allow ban-drop-table reason=the former tables are modernised once, while nobody uses them
-- spire:allow unread-block reason=it gives the former table's grants to the new one
-- One table instead of two, with real arrays. Nothing said in which order a workflow's postprocessors
-- come, so their ids decide.
lock table postprocess, thresholds in access exclusive mode;
--> statement-breakpoint
insert into spire.legacy_rows (source_table, target_table, found) values
  ('postprocess', 'postprocessors', (select count(*) from postprocess)),
  ('thresholds', 'postprocessors', (select count(*) from thresholds));
--> statement-breakpoint
create table postprocessors (
  id uuid primary key default gen_random_uuid(),
  workflow_id uuid not null,
  position integer not null,
  type text,
  strategy text,
  thresholds double precision[],
  buckets text[]
);
--> statement-breakpoint
-- Bucket names were an array's text, as Postgres or as JSON writes it. What is neither is one name.
create function pg_temp.bucket_names(written text) returns text[] language plpgsql as $$
begin
  if written ~ '^\s*\{' and array_ndims(written::text[]) > 1 then
    return array[written];
  elsif written ~ '^\s*\{' then
    return written::text[];
  elsif written ~ '^\s*\[' then
    return array(
      select name from jsonb_array_elements_text(written::jsonb) with ordinality as names (name, place)
      order by place
    );
  end if;
  return array[written];
exception when data_exception or program_limit_exceeded then
  return array[written];
end
$$;
--> statement-breakpoint
insert into spire.quarantine (source_table, reason, row)
select 'postprocess', 'it names no workflow', row_to_json(postprocess)
from postprocess
where workflow_id is null;
--> statement-breakpoint
insert into spire.quarantine (source_table, reason, row)
select 'thresholds', 'its postprocessor was set aside', row_to_json(thresholds.*)
from thresholds
join postprocess using (id)
where workflow_id is null;
--> statement-breakpoint
insert into postprocessors (id, workflow_id, position, type, strategy, thresholds, buckets)
select
  postprocess.id,
  postprocess.workflow_id,
  row_number() over (partition by postprocess.workflow_id order by postprocess.id) - 1,
  postprocess.type,
  thresholds.strategy,
  case when thresholds.thresholds is not null then array[thresholds.thresholds] end,
  case when thresholds.buckets is not null then pg_temp.bucket_names(thresholds.buckets) end
from postprocess
left join thresholds on thresholds.id = postprocess.id
where postprocess.workflow_id is not null;
--> statement-breakpoint
drop function pg_temp.bucket_names (text);
--> statement-breakpoint
update spire.legacy_rows set
  carried = (select count(*) from postprocessors),
  quarantined = (select count(*) from spire.quarantine where source_table = 'postprocess')
where source_table = 'postprocess';
--> statement-breakpoint
update spire.legacy_rows set
  carried = 0,
  merged = (select count(*) from thresholds join postprocessors using (id)),
  quarantined = (select count(*) from spire.quarantine where source_table = 'thresholds')
where source_table = 'thresholds';
--> statement-breakpoint
-- Who might read or write it may so from now on, too.
create temporary table former_postprocess_grants on commit drop as
select coalesce(quote_ident(rolname), 'public') as grantee, privilege_type, is_grantable
from pg_class
cross join aclexplode(relacl)
left join pg_roles on pg_roles.oid = grantee
where pg_class.oid = 'postprocess'::regclass and grantee <> relowner;
--> statement-breakpoint
drop table thresholds, postprocess;
--> statement-breakpoint
do $$
declare
  given record;
begin
  for given in select * from former_postprocess_grants loop
    execute format('grant %s on postprocessors to %s%s', given.privilege_type, given.grantee,
      case when given.is_grantable then ' with grant option' else '' end);
  end loop;
end
$$;
--> statement-breakpoint
alter table postprocessors
  add constraint postprocessors_workflow_id_position_key unique (workflow_id, position),
  add constraint postprocessors_workflow_id_workflows_id_fk
    foreign key (workflow_id) references workflows (id) on delete cascade;
