-- spire:irreversible rows were merged and set aside, and the former tables can't say which
-- spire:allow adding-not-nullable-field,adding-serial-primary-key-field,ban-drop-not-null reason=the table is written once as a whole, while nobody uses it
-- spire:allow changing-column-type,constraint-missing-not-valid,require-concurrent-index-creation reason=the table is written once as a whole, while nobody uses it
-- A run has an id of its own. Of several runs with one id the one is kept that began last.
lock table history in access exclusive mode;
--> statement-breakpoint
insert into spire.legacy_rows (source_table, target_table, found) values
  ('history', 'history', (select count(*) from history));
--> statement-breakpoint
with bad as (
  delete from history
  where workflow_id is null
    or lower(btrim(stage)) not in ('assembly', 'training', 'scoring', 'postprocessing')
    or not (
      regexp_replace(lower(btrim(status)), '[^a-z0-9]+', '_', 'g')
        in ('pending', 'running', 'success', 'failed')
      or (
        lower(btrim(stage)) = 'scoring'
        and regexp_replace(lower(btrim(status)), '[^a-z0-9]+', '_', 'g')
          ~ '^[a-z0-9_]*error[a-z0-9_]*$'
      )
    )
  returning
    case
      when workflow_id is null then 'it names no workflow'
      when lower(btrim(stage)) not in ('assembly', 'training', 'scoring', 'postprocessing')
        then 'its stage is unknown'
      else 'its status is unknown'
    end as reason,
    row_to_json(history) as row
)
insert into spire.quarantine (source_table, reason, row)
select 'history', reason, row from bad;
--> statement-breakpoint
with ranked as (
  select history.ctid as place,
    row_number() over of_id as rank,
    history::text = first_value(history::text) over of_id as same
  from history
  join (select id from history group by id having count(*) > 1) twice using (id)
  window of_id as (
    partition by history.id order by execution_date desc nulls last, history::text collate "C"
  )
), removed as (
  delete from history using ranked where history.ctid = place and rank > 1
  returning same, row_to_json(history) as row
), set_aside as (
  insert into spire.quarantine (source_table, reason, row)
  select 'history', 'another run with the same id is kept', row
  from removed where not same
)
update spire.legacy_rows set merged = (select count(*) from removed where same)
where source_table = 'history';
--> statement-breakpoint
-- Some databases have these already, by Alembic's 9713d3159095: what they hold stays.
alter table history
  add column if not exists cluster_id varchar(100),
  add column if not exists run_id integer,
  add column if not exists modified_at timestamp;
--> statement-breakpoint
-- All in one statement, so that the largest table is written once. What a new type can't hold stays in
-- `info`: the time of day of `arg_date`, and that `execution_date` was unknown.
alter table history
  alter column info type jsonb using
    case when execution_date is null or arg_date <> arg_date::date then
      case jsonb_typeof(info) when 'object' then info else jsonb_build_object('legacy_info', info) end
      || case when arg_date <> arg_date::date
           then jsonb_build_object('legacy_arg_date', arg_date) else '{}' end
      || case when execution_date is null
           then '{"legacy_execution_date": null}'::jsonb else '{}' end
    else info end,
  alter column info set default '{}',
  alter column stats set default '{}',
  alter column warnings set default '{}',
  alter column id set default gen_random_uuid(),
  alter column workflow_id set not null,
  alter column arg_date drop not null,
  alter column arg_date type date using arg_date::date,
  alter column execution_date type timestamptz using coalesce(
    execution_date at time zone 'UTC', arg_date at time zone 'UTC', 'epoch'
  ),
  alter column execution_date set default now(),
  alter column execution_date set not null,
  alter column stage type text using lower(btrim(stage)),
  alter column status type text using regexp_replace(lower(btrim(status)), '[^a-z0-9]+', '_', 'g'),
  alter column traceback type text,
  alter column cluster_id type text,
  alter column run_id type bigint,
  alter column modified_at type timestamptz
    using coalesce(modified_at at time zone 'UTC', now()),
  alter column modified_at set default now(),
  alter column modified_at set not null,
  add constraint history_pkey primary key (id),
  add constraint history_stage_check
    check (stage in ('assembly', 'training', 'scoring', 'postprocessing')),
  add constraint history_status_check check (
    status in ('pending', 'running', 'success', 'failed')
    or (stage = 'scoring' and status ~ '^[a-z0-9_]*error[a-z0-9_]*$')
  );
--> statement-breakpoint
create index history_workflow_idx on history (workflow_id, stage, execution_date, status);
--> statement-breakpoint
create index history_arg_date_idx
  on history (arg_date, workflow_id, stage, execution_date, status);
--> statement-breakpoint
create index history_execution_date_idx on history (execution_date);
--> statement-breakpoint
create index history_failures_idx on history (arg_date)
where status not in ('pending', 'running', 'success');
--> statement-breakpoint
update spire.legacy_rows set
  carried = (select count(*) from history),
  quarantined = (select count(*) from spire.quarantine where source_table = 'history')
where source_table = 'history';
