import { bigint, boolean, date, pgTable, serial, varchar } from 'drizzle-orm/pg-core';

/** An advertiser's order at DFP, and how far it has been processed. */
export const dfpOrders = pgTable('dfp_orders', {
  id: serial('id').primaryKey(),
  /** The customer's name. */
  advertiser: varchar('advertiser', { length: 100 }).notNull(),
  /** The order's id at DFP, a safe integer. */
  orderId: bigint('order_id', { mode: 'number' }).notNull().unique('dfp_orders_order_id_key'),
  /** The first day of the order. */
  startDate: date('start_date').notNull(),
  /** Up to which day it has been processed. */
  lastProcessedDate: date('last_processed_date'),
  /** Whether it is still processed. */
  active: boolean('active').notNull(),
});

/** A DFP order as it is read. */
export type DfpOrder = typeof dfpOrders.$inferSelect;
/** A DFP order as it is written. */
export type NewDfpOrder = typeof dfpOrders.$inferInsert;
