-- One table instead of two, with real arrays. Nothing said in which order a workflow's postprocessors
-- come, so their ids decide.
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
  if written ~ '^\s*\{' then
    return written::text[];
  elsif written ~ '^\s*\[' then
    return array(
      select name from jsonb_array_elements_text(written::jsonb) with ordinality as names (name, place)
      order by place
    );
  end if;
  return array[written];
exception when data_exception then
  return array[written];
end
$$;
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
left join thresholds on thresholds.id = postprocess.id;
--> statement-breakpoint
drop function pg_temp.bucket_names (text);
--> statement-breakpoint
drop table thresholds, postprocess;
--> statement-breakpoint
alter table postprocessors
  add constraint postprocessors_workflow_id_position_key unique (workflow_id, position),
  add constraint postprocessors_workflow_id_workflows_id_fk
    foreign key (workflow_id) references workflows (id) on delete cascade;
