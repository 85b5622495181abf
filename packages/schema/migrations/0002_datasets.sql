-- At most one dataset a workflow, and a definition that is one.
alter table datasets rename constraint datasets_pk to datasets_pkey;
--> statement-breakpoint
alter table datasets
  alter column id set default gen_random_uuid(),
  alter column definition set not null,
  add constraint datasets_definition_check check (jsonb_typeof(definition) = 'object');
--> statement-breakpoint
-- A pair that stands there twice says the same twice.
delete from workflow_datasets a using workflow_datasets b
where a.ctid > b.ctid and a.workflow_id = b.workflow_id and a.dataset_id = b.dataset_id;
--> statement-breakpoint
alter table workflow_datasets
  add constraint workflow_datasets_pkey primary key (workflow_id),
  alter column dataset_id set not null,
  drop constraint workflow_datasets_dataset_id_fkey,
  add constraint workflow_datasets_dataset_id_datasets_id_fk
    foreign key (dataset_id) references datasets (id) on delete cascade;
--> statement-breakpoint
create index workflow_datasets_dataset_id_idx on workflow_datasets (dataset_id);
