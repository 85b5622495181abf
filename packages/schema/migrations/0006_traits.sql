-- spire:irreversible rows were merged and set aside, and the former tables can't say which
-- spire:allow adding-not-nullable-field,adding-serial-primary-key-field,constraint-missing-not-valid reason=the former tables are modernised once, while nobody uses them
-- One trait a workflow, and one workflow a trait. Of several traits of a workflow the one is kept that its
-- name ends with (spire_adobe_30), else the lowest.
lock table trait_workflows in access exclusive mode;
--> statement-breakpoint
insert into spire.legacy_rows (source_table, target_table, found) values
  ('trait_workflows', 'trait_workflows', (select count(*) from trait_workflows));
--> statement-breakpoint
with bad as (
  delete from trait_workflows where trait_id is null
  returning row_to_json(trait_workflows) as row
)
insert into spire.quarantine (source_table, reason, row)
select 'trait_workflows', 'it names no trait', row from bad;
--> statement-breakpoint
with ranked as (
  select trait_id, row_number() over (
    partition by workflow_id
    order by workflows.name like '%\_' || trait_id desc, trait_id
  ) as rank
  from trait_workflows
  join workflows on workflows.id = workflow_id
), bad as (
  delete from trait_workflows link using ranked
  where link.trait_id = ranked.trait_id and rank > 1
  returning row_to_json(link) as row
)
insert into spire.quarantine (source_table, reason, row)
select 'trait_workflows', 'the workflow has another trait: the one of its name, or a lower one', row
from bad;
--> statement-breakpoint
alter table trait_workflows
  alter column trait_id set not null,
  add constraint trait_workflows_pkey primary key (workflow_id);
--> statement-breakpoint
update spire.legacy_rows set
  carried = (select count(*) from trait_workflows),
  quarantined = (select count(*) from spire.quarantine where source_table = 'trait_workflows')
where source_table = 'trait_workflows';
