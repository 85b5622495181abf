-- The id becomes the primary key that it was meant to be.
alter table dfp_orders
  drop constraint dfp_orders_id_key,
  add constraint dfp_orders_pkey primary key (id);
