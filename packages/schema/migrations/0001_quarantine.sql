-- spire:irreversible the rows that were set aside would be lost
-- What becomes of the rows that Alembic's tables held: each is carried over, merged with another or set
-- aside. The constraint lets no migration through that loses one.
create schema if not exists spire;
--> statement-breakpoint
create table spire.quarantine (
  id bigint generated always as identity primary key,
  source_table text not null,
  reason text not null,
  -- Not jsonb, which can't hold all that json holds.
  row json not null,
  set_aside_at timestamptz not null default now()
);
--> statement-breakpoint
create table spire.legacy_rows (
  source_table text primary key,
  -- Where the rows are that were carried over or merged.
  target_table text not null,
  found bigint not null,
  -- Null until the table has been worked through.
  carried bigint,
  merged bigint not null default 0,
  quarantined bigint not null default 0,
  settled_at timestamptz not null default now(),
  constraint legacy_rows_add_up check (carried is null or found = carried + merged + quarantined)
);
