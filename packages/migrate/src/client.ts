/** One session of Postgres, such as a `pg.Client`. A pool won't do: locks belong to a session. */
export interface Client {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}
