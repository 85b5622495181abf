-- spire:irreversible rows were merged and set aside, and the former tables can't say which
-- spire:allow adding-foreign-key-constraint,adding-not-nullable-field,adding-serial-primary-key-field reason=the former tables are modernised once, while nobody uses them
-- spire:allow constraint-missing-not-valid,require-concurrent-index-creation reason=the former tables are modernised once, while nobody uses them
-- At most one dataset a workflow, and a definition that is one. Of several datasets of a workflow the one
-- with the lowest id is kept.
lock table datasets, workflow_datasets in access exclusive mode;
--> statement-breakpoint
insert into spire.legacy_rows (source_table, target_table, found) values
  ('datasets', 'datasets', (select count(*) from datasets)),
  ('workflow_datasets', 'workflow_datasets', (select count(*) from workflow_datasets));
--> statement-breakpoint
with bad as (
  delete from workflow_datasets link
  using (
    select workflow_datasets.ctid as place,
      case
        when workflow_id is null then 'it names no workflow'
        when dataset_id is null then 'it names no dataset'
        else 'its dataset was set aside'
      end as reason
    from workflow_datasets
    left join datasets on datasets.id = dataset_id
    where workflow_id is null or jsonb_typeof(definition) is distinct from 'object'
  ) why
  where link.ctid = why.place
  returning why.reason, row_to_json(link) as row
)
insert into spire.quarantine (source_table, reason, row)
select 'workflow_datasets', reason, row from bad;
--> statement-breakpoint
with bad as (
  delete from datasets where jsonb_typeof(definition) is distinct from 'object'
  returning row_to_json(datasets) as row
)
insert into spire.quarantine (source_table, reason, row)
select 'datasets', 'its definition is no JSON object', row from bad;
--> statement-breakpoint
with ranked as (
  select ctid as place,
    row_number() over of_workflow as rank,
    dataset_id = first_value(dataset_id) over of_workflow as same
  from workflow_datasets
  window of_workflow as (partition by workflow_id order by dataset_id)
), removed as (
  delete from workflow_datasets link using ranked where link.ctid = place and rank > 1
  returning same, row_to_json(link) as row
), set_aside as (
  insert into spire.quarantine (source_table, reason, row)
  select 'workflow_datasets', 'the workflow has another dataset, with a lower id', row
  from removed where not same
)
update spire.legacy_rows set merged = (select count(*) from removed where same)
where source_table = 'workflow_datasets';
--> statement-breakpoint
alter table datasets rename constraint datasets_pk to datasets_pkey;
--> statement-breakpoint
alter table datasets
  alter column id set default gen_random_uuid(),
  alter column definition set not null,
  add constraint datasets_definition_check check (jsonb_typeof(definition) = 'object');
--> statement-breakpoint
alter table workflow_datasets
  add constraint workflow_datasets_pkey primary key (workflow_id),
  alter column dataset_id set not null,
  drop constraint workflow_datasets_dataset_id_fkey,
  add constraint workflow_datasets_dataset_id_datasets_id_fk
    foreign key (dataset_id) references datasets (id) on delete cascade;
--> statement-breakpoint
create index workflow_datasets_dataset_id_idx on workflow_datasets (dataset_id);
--> statement-breakpoint
update spire.legacy_rows set
  carried = (select count(*) from datasets),
  quarantined = (select count(*) from spire.quarantine where source_table = 'datasets')
where source_table = 'datasets';
--> statement-breakpoint
update spire.legacy_rows set
  carried = (select count(*) from workflow_datasets),
  quarantined = (select count(*) from spire.quarantine where source_table = 'workflow_datasets')
where source_table = 'workflow_datasets';
