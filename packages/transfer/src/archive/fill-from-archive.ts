import { Readable } from 'node:stream';
import { type Content, loadTable, requireEqual } from '../copy-table.ts';
import type { CopiedTable, CopyStep } from '../fill-incoming.ts';
import { finishTasks } from '../finish-table.ts';
import { prepareToLoad } from '../incoming.ts';
import { runTasks, type Task } from '../run-tasks.ts';
import type { Session, Sessions } from '../session.ts';
import type { TableStructure } from '../structure.ts';
import { publicTables } from './backup-header.ts';
import { NEUTRAL_TEXT } from './neutral-text.ts';
import type { OpenArchive } from './open-archive.ts';
import { type StoredTable, storedTables } from './stored-tables.ts';

/** How the incoming tables are filled. */
export interface FillFromArchiveOptions {
  /** How many indexes at once. Default: 4. */
  readonly jobs?: number | undefined;
  readonly onStep?: ((step: CopyStep) => unknown) | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Worker {
  readonly target: Session;
}

const JOBS = 4;
/** A weight of what is done before anything is built. */
const FIRST = 2 ** 50;
const NO_ROWS = {
  rows: 0,
  hash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
};

/**
 * Fills the tables that `makeIncoming` made with the rows of an archive, builds what belongs to them
 * meanwhile, and compares each with what the archive has. It ends only when the archive's last byte was
 * what it should be.
 *
 * @throws TransferError `ARCHIVE_DAMAGED`, `COPY_UNEQUAL`; what Postgres refuses; the signal's reason.
 */
export async function fillFromArchive(
  archive: OpenArchive,
  target: Sessions,
  { jobs = JOBS, onStep, signal }: FillFromArchiveOptions = {},
): Promise<CopiedTable[]> {
  signal?.throwIfAborted();
  const workers: Worker[] = [];
  // Whatever they wait for ends with them.
  const end = () => {
    for (const { target } of workers.splice(0)) target.release(true);
  };
  signal?.addEventListener('abort', end, { once: true });
  try {
    for (let job = 0; job < jobs; job += 1) {
      const worker = { target: await target.connect() };
      workers.push(worker);
      await prepareToLoad(worker.target);
      await worker.target.query(NEUTRAL_TEXT);
    }
    return await fill(archive, [...workers], onStep, end);
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', end);
    end();
    await archive.entries.return([]);
  }
}

async function fill(
  archive: OpenArchive,
  workers: readonly Worker[],
  onStep: FillFromArchiveOptions['onStep'],
  onFailure: () => void,
): Promise<CopiedTable[]> {
  const tables = publicTables(archive.header);
  const stored = publicRows(archive);
  const copied = new Map<string, CopiedTable>();
  let next: IteratorResult<StoredTable, void> | undefined;
  // An archive is read from its beginning to its end: one table after the other.
  const loads: Task<Worker>[] = [];
  for (const table of tables) {
    loads.push({
      needs: loads.slice(-1),
      weight: FIRST,
      async run({ target }) {
        next ??= await stored.next();
        const found = !next.done && next.value.table === table ? next.value : undefined;
        copied.set(table.name, await loadOne(target, table, found?.rows, onStep));
        if (found) next = undefined;
      },
    });
  }
  const complete: Task<Worker> = {
    needs: loads.slice(-1),
    weight: FIRST,
    async run() {
      next ??= await stored.next();
      while (!next.done) next = await stored.next();
    },
  };
  const loadOf = new Map(tables.map(({ name }, at) => [name, loads.slice(at, at + 1)]));
  const built = finishTasks<Worker>(tables, ({ name }) => loadOf.get(name) ?? []);
  const verified = tables.map(
    (table): Task<Worker> => ({
      needs: loadOf.get(table.name) ?? [],
      weight: table.bytes,
      run: ({ target }) => requireEqual(target, table, copied.get(table.name) ?? NO_ROWS, 'text'),
    }),
  );
  await runTasks([...loads, complete, ...verified, ...built], workers, onFailure);
  return [...copied.values()];
}

async function* publicRows(archive: OpenArchive): AsyncGenerator<StoredTable, void> {
  for await (const one of storedTables(archive)) if (one.schema === 'public') yield one;
}

async function loadOne(
  target: Session,
  table: TableStructure,
  rows: AsyncIterable<Buffer> | undefined,
  onStep: FillFromArchiveOptions['onStep'],
): Promise<CopiedTable> {
  let bytes = 0;
  const count = (more: number) => {
    bytes += more;
    onStep?.({ kind: 'copying', table, bytes });
  };
  const content: Content = rows
    ? await loadTable(target, table, () => Readable.from(rows), 'text', count)
    : NO_ROWS;
  const copied = { name: table.name, bytes, ...content };
  onStep?.({ kind: 'copied', table, copied });
  return copied;
}
