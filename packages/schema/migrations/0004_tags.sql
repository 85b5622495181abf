-- A workflow bears a tag once. The foreign key may rest on the unique constraint that goes.
alter table workflow_tags drop constraint workflow_tags_tag_id_fkey;
--> statement-breakpoint
alter table tags
  drop constraint tags_id_key,
  alter column id set default gen_random_uuid();
--> statement-breakpoint
delete from workflow_tags a using workflow_tags b
where a.ctid > b.ctid and a.workflow_id = b.workflow_id and a.tag_id = b.tag_id;
--> statement-breakpoint
alter table workflow_tags
  add constraint workflow_tags_pkey primary key (workflow_id, tag_id),
  add constraint workflow_tags_tag_id_tags_id_fk
    foreign key (tag_id) references tags (id) on delete cascade;
--> statement-breakpoint
create index workflow_tags_tag_id_idx on workflow_tags (tag_id);
