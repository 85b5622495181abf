/** One session of Postgres, such as a `pg.Client`. A pool won't do: locks belong to a session. */
export interface Client {
  query(
    query: string | { readonly text: string; readonly queryMode: 'extended' },
    values?: unknown[],
  ): Promise<{ rows: Record<string, unknown>[] }>;
}
