import { createReadStream, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { applyMigrations, readCatalogue, readFingerprint } from '@spire/migrate';
import { migrationFiles } from '@spire/schema';
import { startPostgres } from '@spire/servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backUp } from '../src/archive/back-up.ts';
import { planRestore } from '../src/archive/plan-restore.ts';
import { restoreArchive } from '../src/archive/restore-archive.ts';
import { verifyArchive } from '../src/archive/verify-archive.ts';
import type { ReplaceOptions } from '../src/replace-tables.ts';
import { planUndo, undoTransfer } from '../src/undo.ts';
import { contentOf } from './content-of.ts';
import { fillEveryType } from './every-type.ts';
import { actor, openSide, type TestSide } from './open-side.ts';
import { insertSampleRows } from './sample-rows.ts';
import { useSides } from './two-databases.ts';
import { useFolder } from './use-folder.ts';

const sides = useSides('restore');
const folder = useFolder();
const told = { protected: false, madeBy: 'spire test' };

async function backUpSide(side: TestSide, name: string): Promise<string> {
  const file = join(folder, name);
  await backUp(side.sessions, file, { ...told, environment: side.environment });
  return file;
}

async function restore(
  file: string,
  target: TestSide,
  options: Partial<ReplaceOptions> = {},
  open = () => createReadStream(file),
) {
  const archive = await verifyArchive(createReadStream(file));
  const plan = await planRestore(target.client, target.environment, archive);
  return restoreArchive({ name: file, open }, archive, plan, target, { actor, ...options });
}

async function undo({ client, environment }: TestSide): Promise<void> {
  await undoTransfer(client, environment, await planUndo(client, environment));
}

/** Everything that a database holds but for what says which one it is. */
async function partsOf({ client }: TestSide): Promise<unknown> {
  const { catalogue: _, 'spire.environment': __, ...content } = await contentOf(client);
  const { objects } = await readCatalogue(client);
  const kept = [...objects.values()].map(({ id, attributes }) => [id, attributes]);
  return { content, kept };
}

/** Nothing is left of an attempt. */
async function leftovers({ client }: TestSide): Promise<unknown[]> {
  const { rows } = await client.query(
    `select nspname from pg_namespace where nspname ~ '^spire_incoming'`,
  );
  return rows;
}

describe('into the environment that it was taken of', () => {
  let side: TestSide;
  let file: string;
  let before: Record<string, string>;
  let changed: Record<string, string>;

  beforeAll(async () => {
    side = await sides.modern('staging');
    await insertSampleRows(side.client);
    await fillEveryType(side.client, 40, 7);
    before = await contentOf(side.client);
    file = await backUpSide(side, 'same.tar.zst');
    await side.client.query(`
      delete from history; update workflows set description = 'changed';
      insert into tags (label) values ('new')`);
    changed = await contentOf(side.client);
    expect(changed).not.toEqual(before);
  });

  it('brings everything back, bit for bit, and the undo what was there', async () => {
    const receipt = await restore(file, side);
    expect(receipt).toMatchObject({ kind: 'restore', replaced: 'tables', source: file });
    expect(receipt.tables.find(({ name }) => name === 'history')?.rows).toBeGreaterThan(100);
    expect(await contentOf(side.client)).toEqual(before);
    expect(await leftovers(side)).toEqual([]);
    await side.client.query(`insert into "Every ""type'" (key) values (gen_random_uuid())`);
    await undo(side);
    expect(await contentOf(side.client)).toEqual(changed);
  });

  it('leaves all as it was when the archive is cut off or altered meanwhile', async () => {
    const { size } = statSync(file);
    for (const end of [40_000, size >> 1, size - 5]) {
      const cut = () => createReadStream(file, { end });
      await expect(restore(file, side, {}, cut)).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
      expect(await contentOf(side.client)).toEqual(changed);
      expect(await leftovers(side)).toEqual([]);
    }
    const other = await backUpSide(side, 'other.tar.zst');
    const run = restore(file, side, {}, () => createReadStream(other));
    await expect(run).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
    expect(await contentOf(side.client)).toEqual(changed);
  });

  it.each(['prepared', 'copied', 'filled', 'swapping'])(
    'leaves all as it was when it is called off at %s',
    async (kind) => {
      const controller = new AbortController();
      const run = restore(file, side, {
        signal: controller.signal,
        onStep: (step) => {
          if (step.kind === kind) controller.abort(new Error('called off'));
        },
      });
      await expect(run).rejects.toThrow('called off');
      expect(await contentOf(side.client)).toEqual(changed);
      expect(await leftovers(side)).toEqual([]);
    },
  );

  it('refuses a plan once the migrations have moved', async () => {
    const archive = await verifyArchive(createReadStream(file));
    const plan = await planRestore(side.client, 'staging', archive);
    expect(await planRestore(side.client, 'staging', archive)).toEqual(plan);
    await side.client.query(`update spire.migrations set hash = 'x' where tag = '0011_history'`);
    const source = { name: file, open: () => createReadStream(file) };
    await expect(restoreArchive(source, archive, plan, side, { actor })).rejects.toMatchObject({
      code: 'PLAN_CHANGED',
    });
    expect(await leftovers(side)).toEqual([]);
  });
});

it('an archive of an older migration brings back its tables, its ledger and what was set aside', async () => {
  const side = await sides.empty('staging');
  const files = migrationFiles();
  await applyMigrations(side.client, { actor, files: files.slice(0, 5) });
  await side.client.query(`reset all;
    insert into workflows (name, description) values ('spire_adobe_1', '');
    insert into spire.quarantine (source_table, reason, row) values ('nothing', 'why', '{"a":  1}')`);
  const before = await partsOf(side);
  const file = await backUpSide(side, 'older.tar.zst');
  await applyMigrations(side.client, { actor });
  await side.client.query('reset all; delete from spire.quarantine');
  const after = await partsOf(side);

  expect(await restore(file, side)).toMatchObject({ replaced: 'everything' });
  expect(await partsOf(side)).toEqual(before);
  expect(await readFingerprint(side.client)).toBe('staging');
  await applyMigrations(side.client, { actor });
  await side.client.query('reset all');
  await undo(side);
  expect(await partsOf(side)).toEqual(after);
});

it("an archive of Alembic's tables goes into a modern database, and out of it again", async () => {
  const legacy = await sides.empty('staging');
  await legacy.client.query(migrationFiles()[0]?.sql ?? '');
  await legacy.client.query(`reset all;
    create table alembic_version (version_num varchar(32) constraint alembic_version_pkc primary key);
    insert into alembic_version values ('9a18fa4a434f');
    insert into tags (id, label) values (gen_random_uuid(), 'x')`);
  const before = await partsOf(legacy);
  const file = await backUpSide(legacy, 'legacy.tar.zst');
  const archive = await verifyArchive(createReadStream(file));
  expect(archive.header).toMatchObject({ head: null, alembic: ['9a18fa4a434f'] });
  const modern = await sides.modern('staging');
  const after = await contentOf(modern.client);
  await restore(file, modern);
  expect(await partsOf(modern)).toEqual(before);
  await undo(modern);
  expect(await contentOf(modern.client)).toEqual(after);
});

it('an empty database that nobody claimed is claimed then', async () => {
  const side = await sides.modern('staging');
  await insertSampleRows(side.client, 3);
  const file = await backUpSide(side, 'claimed.tar.zst');
  const fresh = await sides.empty('staging');
  await restore(file, fresh);
  expect(await readFingerprint(fresh.client)).toBe('staging');
  expect(await partsOf(fresh)).toEqual(await partsOf(side));
});

const BINARIES = '/usr/lib/postgresql/15/bin';
const hasOlder = existsSync(BINARIES);
if (!hasOlder) console.log(`Skipped: archives between two majors, since ${BINARIES} isn't here`);
describe.skipIf(!hasOlder)('between two majors', () => {
  let older: Awaited<ReturnType<typeof startPostgres>>;
  let there: TestSide;
  beforeAll(async () => {
    older = await startPostgres({ lifetime: 'parent', binaries: BINARIES });
    there = await openSide('staging', await older.createDatabase('restored'));
  });
  afterAll(async () => {
    await Promise.all([there?.client.end(), there?.pool.end()]);
    await older?.stop();
  });

  it('values are the same there and back', async () => {
    const here = await sides.modern('staging');
    await insertSampleRows(here.client);
    await fillEveryType(here.client, 40, 11);
    const rowsOf = async ({ client }: TestSide) => {
      const { catalogue: _, 'spire.environment': __, ...content } = await contentOf(client);
      return content;
    };
    const before = await rowsOf(here);
    await restore(await backUpSide(here, 'newer.tar.zst'), there);
    expect(await rowsOf(there)).toEqual(before);
    const back = await sides.empty('staging');
    await restore(await backUpSide(there, 'back.tar.zst'), back);
    expect(await rowsOf(back)).toEqual(before);
  });
});
