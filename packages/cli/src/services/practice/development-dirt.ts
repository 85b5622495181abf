/**
 * Makes of Alembic's last revision a database that stopped at an earlier one, and in which somebody has
 * tried things by hand.
 */
export const AGEING = `
drop table assembly_status, training_status, scoring_status, cluster_status;
drop table dfp_orders;
alter table workflows drop column is_proxy;

create index history_tmp_idx on history (workflow_id, arg_date);
alter table workflows add column owner_email text;
alter table workflows alter column enabled set default true;
`;
