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
  alter column arg_date type date using arg_date::date,
  alter column execution_date type timestamptz using coalesce(
    execution_date at time zone 'UTC', arg_date at time zone 'UTC', 'epoch'
  ),
  alter column execution_date set default now(),
  alter column execution_date set not null,
  alter column stage type text using lower(btrim(stage)),
  alter column status type text using regexp_replace(lower(btrim(status)), '[^a-z0-9]+', '_', 'g'),
  alter column traceback type text,
  add column cluster_id text,
  add column run_id bigint,
  add column modified_at timestamptz not null default now(),
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
