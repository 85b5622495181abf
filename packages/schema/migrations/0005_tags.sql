-- spire:irreversible rows were merged and set aside, and the former tables can't say which
-- spire:allow adding-foreign-key-constraint,adding-serial-primary-key-field reason=the former tables are modernised once, while nobody uses them
-- spire:allow constraint-missing-not-valid,require-concurrent-index-creation reason=the former tables are modernised once, while nobody uses them
-- A workflow bears a tag once. The foreign key may rest on the unique constraint that goes.
lock table tags, workflow_tags in access exclusive mode;
--> statement-breakpoint
insert into spire.legacy_rows (source_table, target_table, found) values
  ('tags', 'tags', (select count(*) from tags)),
  ('workflow_tags', 'workflow_tags', (select count(*) from workflow_tags));
--> statement-breakpoint
with bad as (
  delete from workflow_tags link
  where workflow_id is null or tag_id is null
  returning
    case when workflow_id is null then 'it names no workflow' else 'it names no tag' end as reason,
    row_to_json(link) as row
)
insert into spire.quarantine (source_table, reason, row)
select 'workflow_tags', reason, row from bad;
--> statement-breakpoint
with removed as (
  delete from workflow_tags a using workflow_tags b
  where a.ctid > b.ctid and a.workflow_id = b.workflow_id and a.tag_id = b.tag_id
  returning 1
)
update spire.legacy_rows set merged = (select count(*) from removed)
where source_table = 'workflow_tags';
--> statement-breakpoint
alter table workflow_tags drop constraint workflow_tags_tag_id_fkey;
--> statement-breakpoint
alter table tags
  drop constraint tags_id_key,
  alter column id set default gen_random_uuid();
--> statement-breakpoint
alter table workflow_tags
  add constraint workflow_tags_pkey primary key (workflow_id, tag_id),
  add constraint workflow_tags_tag_id_tags_id_fk
    foreign key (tag_id) references tags (id) on delete cascade;
--> statement-breakpoint
create index workflow_tags_tag_id_idx on workflow_tags (tag_id);
--> statement-breakpoint
update spire.legacy_rows set
  carried = (select count(*) from tags),
  quarantined = (select count(*) from spire.quarantine where source_table = 'tags')
where source_table = 'tags';
--> statement-breakpoint
update spire.legacy_rows set
  carried = (select count(*) from workflow_tags),
  quarantined = (select count(*) from spire.quarantine where source_table = 'workflow_tags')
where source_table = 'workflow_tags';
