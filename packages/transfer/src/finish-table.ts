import type { Task } from './run-tasks.ts';
import type { Session } from './session.ts';
import { sqlLiteral } from './sql-literal.ts';
import type { TableStructure } from './structure.ts';

/** What runs on a session of the target. */
interface OnTarget {
  readonly target: Session;
}

/**
 * What is left to do once tables are filled: indexes and keys, each as a task of its own, so that
 * several are built at once, then foreign keys, which proves that every row has what it refers to.
 *
 * @param loaded the task that fills a table.
 */
export function finishTasks<Worker extends OnTarget>(
  tables: readonly TableStructure[],
  loaded: (table: TableStructure) => readonly Task<Worker>[],
): Task<Worker>[] {
  const keys = new Map(tables.map((table) => [table.name, indexTasks(table, loaded(table))]));
  const foreign = tables.flatMap((table) => {
    const sql = table.constraints
      .filter(({ kind }) => kind === 'foreign key')
      .map(({ quoted, sql }) => ({
        add: `alter table ${table.quoted} add constraint ${quoted} ${sql} not valid`,
        check: `alter table ${table.quoted} validate constraint ${quoted}`,
      }));
    return sql.map((key) => ({ ...key, weight: table.bytes }));
  });
  // It takes all tables for a moment, so that it waits until no index is built on them.
  const add: Task<Worker> = {
    needs: [...keys.values()].flat(),
    weight: 0,
    run: ({ target }) => target.query(foreign.map(({ add }) => add).join(';\n')),
  };
  const check = foreign.map(({ check, weight }) => task(check, weight, [add]));
  const all = [...keys.values()].flat();
  return foreign.length > 0 ? [...all, add, ...check] : all;
}

/** Indexes, at the same time; then what makes keys of them, which takes the table for a moment. */
function indexTasks<Worker extends OnTarget>(
  table: TableStructure,
  needs: readonly Task<Worker>[],
): Task<Worker>[] {
  const { quoted, constraints, indexes, bytes } = table;
  const keys = constraints.filter(({ kind }) => kind === 'key');
  const build = [...keys.flatMap(({ index }) => index ?? []), ...indexes].map((sql) =>
    task<Worker>(sql, bytes, needs),
  );
  const add = keys.map((key) => `alter table ${quoted} add constraint ${key.quoted} ${key.sql}`);
  const last = [...add, ...countOn(table), `analyze ${quoted}`].join(';\n');
  return [...build, task<Worker>(last, bytes, build.length > 0 ? build : needs)];
}

/** Sequences go on after what has come. */
export function countOn({ quoted, columns }: TableStructure): string[] {
  return columns
    .filter(({ counted }) => counted)
    .map(
      (column) =>
        `select setval(seqrelid, last)
         from pg_sequence, (select max(${column.quoted}) as last from ${quoted}) loaded
         where seqrelid = pg_get_serial_sequence(${sqlLiteral(quoted)}, ${sqlLiteral(column.name)})::regclass
           and last between seqmin and seqmax`,
    );
}

function task<Worker extends OnTarget>(
  sql: string,
  weight: number,
  needs: readonly Task<Worker>[],
): Task<Worker> {
  return { needs, weight, run: ({ target }) => target.query(sql) };
}
