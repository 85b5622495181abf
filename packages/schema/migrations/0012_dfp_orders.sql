-- spire:irreversible it was a unique constraint by an accident that nobody wants back
-- spire:allow adding-serial-primary-key-field,constraint-missing-not-valid reason=the former tables are modernised once, while nobody uses them
-- The id becomes the primary key that it was meant to be.
lock table dfp_orders in access exclusive mode;
--> statement-breakpoint
insert into spire.legacy_rows (source_table, target_table, found) values
  ('dfp_orders', 'dfp_orders', (select count(*) from dfp_orders));
--> statement-breakpoint
alter table dfp_orders
  drop constraint dfp_orders_id_key,
  add constraint dfp_orders_pkey primary key (id);
--> statement-breakpoint
update spire.legacy_rows set
  carried = (select count(*) from dfp_orders),
  quarantined = (select count(*) from spire.quarantine where source_table = 'dfp_orders')
where source_table = 'dfp_orders';
