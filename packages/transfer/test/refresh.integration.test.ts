import { compareCatalogues, readCatalogue, readFingerprint } from '@spire/migrate';
import { describe, expect, it } from 'vitest';
import {
  type CopyOptions,
  planUndo,
  refresh,
  type TransferStep,
  undoTransfer,
} from '../src/index.ts';
import { contentOf } from './content-of.ts';
import { actor, type TestSide } from './open-side.ts';
import { insertSampleRows } from './sample-rows.ts';
import { useSides } from './two-databases.ts';

const sides = useSides('refresh');
const options: CopyOptions = { actor, target: { environment: 'development' }, jobs: 2 };

async function stagingAndDevelopment(): Promise<[TestSide, TestSide]> {
  const [source, target] = [await sides.modern('staging'), await sides.modern('development')];
  await insertSampleRows(source.client);
  await insertSampleRows(target.client, 3);
  return [source, target];
}

async function undo({ client, environment }: TestSide): Promise<void> {
  await undoTransfer(client, environment, await planUndo(client, environment));
}

const count = async ({ client }: TestSide, what: string) =>
  Number((await client.query(`select count(*) from ${what}`)).rows[0].count);

describe('a refresh', () => {
  it('brings every row, sets the same structure up, and can be undone', async () => {
    const [source, target] = await stagingAndDevelopment();
    await target.client.query(
      'create role refresh_reader; grant select on history to refresh_reader',
    );
    const before = await contentOf(target.client);
    const steps: string[] = [];
    const receipt = await refresh(source, target, {
      ...options,
      onStep: ({ kind }) => kind !== 'copying' && steps.push(kind),
    });

    expect(receipt).toMatchObject({
      kind: 'refresh',
      source: 'staging',
      actor: 'ann',
      undoneAt: null,
    });
    for (const { name, rows } of receipt.tables) {
      expect([name, await count(target, name)]).toEqual([name, rows]);
      if (name !== 'cluster_status') expect(rows).toBe(await count(source, name));
    }
    expect(receipt.tables).toHaveLength(15);
    const [wanted, found] = [
      await readCatalogue(source.client),
      await readCatalogue(target.client),
    ];
    expect(
      compareCatalogues(wanted, found)
        .map(({ words }) => words)
        .filter((words) => !/refresh_reader/.test(words)),
    ).toEqual([]);
    await expect(readFingerprint(target.client)).resolves.toBe('development');
    await target.client.query('set role refresh_reader; select from history; reset role');
    // Sequences go on.
    await target.client.query(
      `insert into dfp_orders (advertiser, order_id, start_date, active) values ('x', 1, now(), true)`,
    );
    expect(steps.filter((kind) => kind !== 'copied')).toEqual([
      'prepared',
      'filled',
      'swapping',
      'swapped',
    ]);

    await undo(target);
    expect(await contentOf(target.client)).toEqual(before);
    await expect(undo(target)).rejects.toMatchObject({ code: 'NOTHING_TO_UNDO' });
    await target.client.query('drop owned by refresh_reader; drop role refresh_reader');
  });

  it('leaves nothing that runs, and nothing that is somebody’s', async () => {
    const [source, target] = await stagingAndDevelopment();
    await refresh(source, target, options);
    expect(await count(target, 'workflows where enabled')).toBe(0);
    expect(await count(target, `schedules where definition::text !~ '9999-12-31'`)).toBe(0);
    for (const { name } of (await planUndo(target.client, 'development')).tables) {
      expect([name, await count(target, `${name} t where t::text ~ 'canary'`)]).toEqual([name, 0]);
    }
    expect(
      await count(
        target,
        `job_configs where definition #>> '{new_cluster,spark_env_vars,DEPLOYMENT_ENV}' = 'development'`,
      ),
    ).toBe(4);
  });

  it('brings what belongs to the chosen workflows, and nothing else', async () => {
    const [source, target] = await stagingAndDevelopment();
    await refresh(source, target, {
      ...options,
      filter: { workflows: 'spire_adobe_*', since: '2026-01-02' },
    });
    expect(await count(target, `workflows where name !~ '^spire_adobe_'`)).toBe(0);
    expect(await count(target, 'workflows')).toBeGreaterThan(3);
    expect(await count(target, `history where execution_date < '2026-01-02'`)).toBe(0);
  });

  it('is refused where it makes no sense, and changes nothing', async () => {
    const [source, target] = await stagingAndDevelopment();
    const before = await contentOf(target.client);
    const code = async (promise: Promise<unknown>) =>
      promise.then(
        () => 'none',
        (error) => `${error.code}: ${error.message}`,
      );

    expect(
      await code(
        refresh(await sides.reopened({ ...target, environment: 'staging' }), target, options),
      ),
    ).toBe('SAME_DATABASE: staging and development lead to the same database.');
    for (const since of ['2026-02-30', 'yesterday', "2026-01-01' or true --"]) {
      expect(await code(refresh(source, target, { ...options, filter: { since } }))).toMatch(
        /^INVALID_INPUT: Expected a day/,
      );
    }
    const legacy = await sides.empty('development');
    expect(await code(refresh(source, legacy, options))).toMatch(
      /^HEADS_DIFFER: staging is at 0012_dfp_orders, and development at no migration/,
    );

    await target.client.query(
      'create schema reports; create view reports.runs as select * from history',
    );
    expect(await code(refresh(source, target, options))).toMatch(
      /^TARGET_DEPENDED_ON: In development reports.runs/,
    );
    await target.client.query('drop schema reports cascade');

    await source.client.query('alter table tags add column owner_email text');
    expect(await code(refresh(source, target, options))).toMatch(
      /^COLUMN_UNCLASSIFIED: .*tags\.owner_email/,
    );
    await source.client.query('alter table tags drop column owner_email');

    await source.client.query('create table more (id int primary key) partition by range (id)');
    expect(await code(refresh(source, target, options))).toMatch(
      /^TABLE_UNSUPPORTED: .*partitioned table more/,
    );
    await source.client.query('drop table more');
    expect(await contentOf(target.client)).toEqual(before);
  });

  it('minds others on the target: it lists them, waits for them or ends their sessions', async () => {
    const [source, target] = await stagingAndDevelopment();
    const open = async () => {
      const side = await sides.reopened(target);
      await side.client.query(`set application_name to 'pgAdmin 4'`);
      return side;
    };
    const other = await open();
    await expect(refresh(source, target, options)).rejects.toMatchObject({
      code: 'TARGET_IN_USE',
      message: expect.stringMatching(/^Others work in development: .*pgAdmin 4/),
    });
    const waited: TransferStep[] = [];
    await refresh(source, target, {
      ...options,
      others: 'wait',
      onStep: (step) => {
        if (step.kind !== 'waiting') return;
        waited.push(step);
        return other.client.end();
      },
    });
    expect(waited).toHaveLength(1);
    const second = await open();
    const ended = new Promise((resolve) => second.client.once('error', resolve));
    await refresh(source, target, { ...options, others: 'terminate' });
    await ended;
  });

  it('is broken off by its signal, and leaves neither a session nor a table behind', async () => {
    const [source, target] = await stagingAndDevelopment();
    const before = await contentOf(target.client);
    const controller = new AbortController();
    const reason = new Error('enough');
    await expect(
      refresh(source, target, {
        ...options,
        signal: controller.signal,
        onStep: ({ kind }) => kind === 'copied' && controller.abort(reason),
      }),
    ).rejects.toBe(reason);
    expect(await contentOf(target.client)).toEqual(before);
    expect(await count(target, `pg_namespace where nspname ~ '^spire_'`)).toBe(0);
    await expect(refresh(source, target, options)).resolves.toMatchObject({ kind: 'refresh' });
  });
});
