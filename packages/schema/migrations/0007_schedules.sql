-- spire:irreversible rows were merged and set aside, and the former tables can't say which
-- spire:allow adding-not-nullable-field,adding-serial-primary-key-field,constraint-missing-not-valid reason=the former tables are modernised once, while nobody uses them
-- At most one schedule a workflow. Of several different ones the first is kept, by their text.
lock table schedules in access exclusive mode;
--> statement-breakpoint
insert into spire.legacy_rows (source_table, target_table, found) values
  ('schedules', 'schedules', (select count(*) from schedules));
--> statement-breakpoint
with bad as (
  delete from schedules where jsonb_typeof(definition) is distinct from 'object'
  returning row_to_json(schedules) as row
)
insert into spire.quarantine (source_table, reason, row)
select 'schedules', 'its definition is no JSON object', row from bad;
--> statement-breakpoint
with ranked as (
  select ctid as place,
    row_number() over of_workflow as rank,
    definition = first_value(definition) over of_workflow as same
  from schedules
  window of_workflow as (partition by workflow_id order by definition::text collate "C")
), removed as (
  delete from schedules using ranked where schedules.ctid = place and rank > 1
  returning same, row_to_json(schedules) as row
), set_aside as (
  insert into spire.quarantine (source_table, reason, row)
  select 'schedules', 'the workflow has another schedule, whose text comes first', row
  from removed where not same
)
update spire.legacy_rows set merged = (select count(*) from removed where same)
where source_table = 'schedules';
--> statement-breakpoint
alter table schedules
  alter column definition set not null,
  add constraint schedules_pkey primary key (workflow_id),
  add constraint schedules_definition_check check (jsonb_typeof(definition) = 'object');
--> statement-breakpoint
update spire.legacy_rows set
  carried = (select count(*) from schedules),
  quarantined = (select count(*) from spire.quarantine where source_table = 'schedules')
where source_table = 'schedules';
