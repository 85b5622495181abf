import { type Content, type CopyFormat, copyTable, requireEqual } from './copy-table.ts';
import { finishTasks } from './finish-table.ts';
import { prepareToLoad } from './incoming.ts';
import { runTasks, type Task } from './run-tasks.ts';
import type { Session, Sessions } from './session.ts';
import type { Snapshot } from './snapshot.ts';
import type { TableStructure } from './structure.ts';

/** What became of a table that was copied. */
export interface CopiedTable extends Content {
  readonly name: string;
  readonly bytes: number;
}

/** How far a copy is. */
export type CopyStep =
  | { readonly kind: 'copying'; readonly table: TableStructure; readonly bytes: number }
  | { readonly kind: 'copied'; readonly table: TableStructure; readonly copied: CopiedTable }
  | { readonly kind: 'building' };

/** How tables are copied. */
export interface FillOptions {
  /** What finds the rows of a table on the source. */
  readonly select: (table: TableStructure) => string;
  /** Makes a session of the source ready for `select`. */
  readonly prepare: (session: Session) => Promise<void>;
  readonly format: CopyFormat;
  /** How many tables or indexes at once. */
  readonly jobs: number;
  readonly onStep?: ((step: CopyStep) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Worker {
  readonly source: Session;
  readonly target: Session;
}

/**
 * Copies tables into those that `makeIncoming` made, builds what belongs to them, and compares each with
 * what was sent. The snapshot has ended then.
 *
 * @throws TransferError `COPY_UNEQUAL`; what Postgres refuses; the signal's reason.
 */
export async function fillIncoming(
  source: Snapshot,
  target: Sessions,
  tables: readonly TableStructure[],
  options: FillOptions,
): Promise<CopiedTable[]> {
  const { jobs, signal } = options;
  signal?.throwIfAborted();
  const workers: Worker[] = [];
  // Whatever they wait for ends with them.
  const end = () => {
    for (const { target } of workers.splice(0)) target.release(true);
    source[Symbol.asyncDispose]();
  };
  signal?.addEventListener('abort', end, { once: true });
  try {
    for (let job = 0; job < jobs; job += 1) {
      const worker = { source: await source.open(), target: await target.connect() };
      workers.push(worker);
      await options.prepare(worker.source);
      await prepareToLoad(worker.target);
    }
    return await fill(tables, [...workers], options, end);
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', end);
    end();
  }
}

async function fill(
  tables: readonly TableStructure[],
  workers: readonly Worker[],
  { select, format, onStep }: FillOptions,
  onFailure: () => void,
): Promise<CopiedTable[]> {
  const copied: CopiedTable[] = [];
  const loads = new Map(
    tables.map((table): [string, Task<Worker>[]] => {
      let sent: Content;
      const load: Task<Worker> = {
        needs: [],
        // Before anything that is built.
        weight: 2 ** 50 + table.bytes,
        async run({ source, target }) {
          let bytes = 0;
          const count = (more: number) => {
            bytes += more;
            onStep?.({ kind: 'copying', table, bytes });
          };
          sent = await copyTable(source, target, table, select(table), format, count);
          const done = { name: table.name, bytes, ...sent };
          copied.push(done);
          onStep?.({ kind: 'copied', table, copied: done });
        },
      };
      const verify: Task<Worker> = {
        needs: [load],
        weight: table.bytes,
        run: ({ target }) => requireEqual(target, table, sent, format),
      };
      return [table.name, [load, verify]];
    }),
  );
  const built = finishTasks<Worker>(tables, ({ name }) => (loads.get(name) ?? []).slice(0, 1));
  await runTasks([...[...loads.values()].flat(), ...built], workers, onFailure);
  return copied;
}
