-- A workflow reads a feature once. The column is spelled like those of the other links.
alter table features
  alter column id set default gen_random_uuid(),
  alter column definition type jsonb using definition::jsonb,
  alter column definition set not null,
  add constraint features_definition_check check (jsonb_typeof(definition) = 'object');
--> statement-breakpoint
alter table workflow_features rename column features_id to feature_id;
--> statement-breakpoint
delete from workflow_features a using workflow_features b
where a.ctid > b.ctid and a.workflow_id = b.workflow_id and a.feature_id = b.feature_id;
--> statement-breakpoint
alter table workflow_features
  add constraint workflow_features_pkey primary key (workflow_id, feature_id),
  drop constraint workflow_features_features_id_fkey,
  add constraint workflow_features_feature_id_features_id_fk
    foreign key (feature_id) references features (id) on delete cascade;
--> statement-breakpoint
create index workflow_features_feature_id_idx on workflow_features (feature_id);
