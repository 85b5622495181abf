-- spire:irreversible rows were merged and set aside, and the former tables can't say which
-- spire:allow adding-foreign-key-constraint,adding-not-nullable-field,adding-serial-primary-key-field reason=the former tables are modernised once, while nobody uses them
-- spire:allow changing-column-type,constraint-missing-not-valid,renaming-column reason=the former tables are modernised once, while nobody uses them
-- spire:allow require-concurrent-index-creation reason=the former tables are modernised once, while nobody uses them
-- A workflow reads a feature once. The column is spelled like those of the other links.
lock table features, workflow_features in access exclusive mode;
--> statement-breakpoint
insert into spire.legacy_rows (source_table, target_table, found) values
  ('features', 'features', (select count(*) from features)),
  ('workflow_features', 'workflow_features', (select count(*) from workflow_features));
--> statement-breakpoint
-- json holds what jsonb can't, such as \u0000: such a text can't become a definition.
create function pg_temp.holds_object(written json) returns boolean language plpgsql as $$
begin
  return coalesce(jsonb_typeof(written::jsonb) = 'object', false);
exception when data_exception or program_limit_exceeded then
  return false;
end
$$;
--> statement-breakpoint
create temporary table bad_features on commit drop as
select id from features where not pg_temp.holds_object(definition);
--> statement-breakpoint
with bad as (
  delete from workflow_features link
  where workflow_id is null
    or features_id is null
    or features_id in (select id from bad_features)
  returning
    case
      when workflow_id is null then 'it names no workflow'
      when features_id is null then 'it names no feature'
      else 'its feature was set aside'
    end as reason,
    row_to_json(link) as row
)
insert into spire.quarantine (source_table, reason, row)
select 'workflow_features', reason, row from bad;
--> statement-breakpoint
with bad as (
  delete from features where id in (select id from bad_features)
  returning row_to_json(features) as row
)
insert into spire.quarantine (source_table, reason, row)
select 'features', 'its definition is no JSON object that jsonb can hold', row from bad;
--> statement-breakpoint
with removed as (
  delete from workflow_features a using workflow_features b
  where a.ctid > b.ctid and a.workflow_id = b.workflow_id and a.features_id = b.features_id
  returning 1
)
update spire.legacy_rows set merged = (select count(*) from removed)
where source_table = 'workflow_features';
--> statement-breakpoint
alter table features
  alter column id set default gen_random_uuid(),
  alter column definition type jsonb using definition::jsonb,
  alter column definition set not null,
  add constraint features_definition_check check (jsonb_typeof(definition) = 'object');
--> statement-breakpoint
alter table workflow_features rename column features_id to feature_id;
--> statement-breakpoint
alter table workflow_features
  add constraint workflow_features_pkey primary key (workflow_id, feature_id),
  drop constraint workflow_features_features_id_fkey,
  add constraint workflow_features_feature_id_features_id_fk
    foreign key (feature_id) references features (id) on delete cascade;
--> statement-breakpoint
create index workflow_features_feature_id_idx on workflow_features (feature_id);
--> statement-breakpoint
update spire.legacy_rows set
  carried = (select count(*) from features),
  quarantined = (select count(*) from spire.quarantine where source_table = 'features')
where source_table = 'features';
--> statement-breakpoint
update spire.legacy_rows set
  carried = (select count(*) from workflow_features),
  quarantined = (select count(*) from spire.quarantine where source_table = 'workflow_features')
where source_table = 'workflow_features';
--> statement-breakpoint
drop function pg_temp.holds_object (json);
