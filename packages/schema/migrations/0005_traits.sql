-- One trait a workflow, and one workflow a trait.
alter table trait_workflows
  alter column trait_id set not null,
  add constraint trait_workflows_pkey primary key (workflow_id);
