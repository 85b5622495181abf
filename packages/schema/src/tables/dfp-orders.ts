import { bigint, boolean, date, pgTable, serial, varchar } from 'drizzle-orm/pg-core';

/** An advertiser's order at DFP, and how far it has been processed. */
export const dfpOrders = pgTable('dfp_orders', {
  id: serial('id').primaryKey(),
  advertiser: varchar('advertiser', { length: 100 }).notNull(),
  /** The order's id at DFP, a safe integer. */
  orderId: bigint('order_id', { mode: 'number' }).notNull().unique('dfp_orders_order_id_key'),
  startDate: date('start_date').notNull(),
  lastProcessedDate: date('last_processed_date'),
  active: boolean('active').notNull(),
});

/** A DFP order as it is read. */
export type DfpOrder = typeof dfpOrders.$inferSelect;
/** A DFP order as it is written. */
export type NewDfpOrder = typeof dfpOrders.$inferInsert;
