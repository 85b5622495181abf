import { type SpireDBConnector, SpireDBError } from '@spire/sdk';
import type { PoolClient, QueryArrayConfig } from 'pg';

/** What a statement gave: cells as Postgres writes them, null for NULL. */
export interface StatementResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly rowCount: number | null;
}

/**
 * Runs one statement in a transaction of its own. The extended protocol takes no second one, so that
 * nothing in it can leave the transaction.
 *
 * @throws SpireDBError `READ_ONLY` when it writes in a transaction that may only read; `QUERY_FAILED`.
 */
export async function runStatement(
  spire: SpireDBConnector,
  text: string,
  mode: 'read only' | 'read write',
): Promise<StatementResult> {
  const run = async (client: PoolClient): Promise<StatementResult> => {
    await client.query(`begin ${mode}`);
    const query = {
      text,
      rowMode: 'array',
      queryMode: 'extended',
      types: { getTypeParser: () => (value: string) => value },
    } as unknown as QueryArrayConfig;
    const { fields, rows, rowCount } = await client.query(query);
    await client.query('commit');
    return { columns: fields.map((field) => field.name), rows, rowCount };
  };
  try {
    return await spire.withClient(run);
  } catch (error) {
    throw explain(error);
  }
}

/** A name that isn't there is a slip of the writer's here, and no reason to migrate. */
function explain(error: unknown): unknown {
  if (!(error instanceof SpireDBError)) return error;
  const { environment, message, sqlstate } = error;
  if (error.code === 'SCHEMA_OUTDATED') {
    return new SpireDBError(
      'QUERY_FAILED',
      message.replace(/^.*? in /, 'There is no such name in '),
      {
        environment,
        sqlstate,
        suggestions: [
          'Check its spelling: spire db query "select table_name, column_name from information_schema.columns"',
        ],
      },
    );
  }
  if (sqlstate === '42601' && message.includes('multiple commands')) {
    return new SpireDBError('QUERY_FAILED', 'Only one statement is run at a time.', {
      environment,
      sqlstate,
      suggestions: ['Nothing was run. Call it once for each statement.'],
    });
  }
  return error;
}
