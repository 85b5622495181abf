-- At most one schedule a workflow.
delete from schedules a using schedules b
where a.ctid > b.ctid and a.workflow_id = b.workflow_id and a.definition = b.definition;
--> statement-breakpoint
alter table schedules
  alter column definition set not null,
  add constraint schedules_pkey primary key (workflow_id),
  add constraint schedules_definition_check check (jsonb_typeof(definition) = 'object');
