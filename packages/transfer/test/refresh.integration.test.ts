import { compareCatalogues, readCatalogue, readFingerprint } from '@spire/migrate';
import { describe, expect, it } from 'vitest';
import { type CopyOptions, planUndo, refresh, undoTransfer } from '../src/index.ts';
import { contentOf } from './content-of.ts';
import { actor, openSide, type TestSide } from './open-side.ts';
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
      'create role refresh_reader; grant select on history to refresh_reader; grant select (label) on tags to refresh_reader',
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
    await target.client.query(
      'set role refresh_reader; select from history; select label from tags; reset role',
    );
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
    await refresh(source, target, options);
    await target.client.query(`update spire.transfers set kept_until = now()`);
    await expect(undo(target)).rejects.toMatchObject({
      message: expect.stringMatching(/isn't kept any more/),
    });
    await target.client.query('drop owned by refresh_reader; drop role refresh_reader');
  });

  it('finds every row though somebody would truncate a table meanwhile', async () => {
    const [source, target] = await stagingAndDevelopment();
    let truncated: unknown;
    await refresh(source, target, {
      ...options,
      onStep: async ({ kind }) => {
        if (kind !== 'prepared') return;
        truncated = await source.client
          .query(`set lock_timeout to '100ms'; truncate history`)
          .catch(({ code }) => code);
      },
    });
    expect(truncated).toBe('55P03');
    expect(await count(target, 'history')).toBe(await count(source, 'history'));
    expect(await count(target, 'history')).toBeGreaterThan(0);
  });

  it('leaves tables where they are that the source lacks, and so does the undo', async () => {
    const [source, target] = await stagingAndDevelopment();
    await target.client.query('create table notes as select 1 as note');
    await refresh(source, target, options);
    expect(await count(target, 'public.notes')).toBe(1);
    await target.client.query('insert into notes values (2)');
    await undo(target);
    expect(await count(target, 'public.notes')).toBe(2);
    await target.client.query('create table seen (workflow uuid references workflows)');
    await expect(refresh(source, target, options)).rejects.toMatchObject({
      code: 'TARGET_DEPENDED_ON',
      message: expect.stringMatching(/^In development seen would/),
    });
  });

  it('isn’t undone under what others have built on it, nor under a migration', async () => {
    const [source, target] = await stagingAndDevelopment();
    await refresh(source, target, options);
    const [last] = (
      await target.client.query('select tag from spire.migrations order by created_at desc limit 1')
    ).rows;
    for (const [made, gone] of [
      ['view names as select name from workflows', 'view names'],
      ['schema bob create view names as select name from workflows', 'schema bob cascade'],
      [
        'function named() returns bigint begin atomic select count(*) from workflows; end',
        'function named',
      ],
    ]) {
      await target.client.query(`create ${made}`);
      await expect(undo(target)).rejects.toMatchObject({
        code: 'TARGET_DEPENDED_ON',
        message: expect.stringMatching(/names|named/),
      });
      await target.client.query(`drop ${gone}`);
    }
    await target.client.query('update spire.migrations set applied_at = now() where tag = $1', [
      last.tag,
    ]);
    await expect(undo(target)).rejects.toMatchObject({
      code: 'NOTHING_TO_UNDO',
      message: expect.stringContaining(`lack ${last.tag}, applied since`),
    });
    await target.client.query(`update spire.migrations set applied_at = '2026-01-01'`);
    await undo(target);
  });

  it('counts on from where it can, and brings virtual columns', async () => {
    const [source, target] = await stagingAndDevelopment();
    const { rows } = await source.client.query(
      `select current_setting('server_version_num')::int >= 180000 as virtual`,
    );
    await source.client.query(`
      delete from dfp_orders;
      insert into dfp_orders (id, advertiser, order_id, start_date, active) values (0, 'x', 1, now(), true);
      ${rows[0].virtual ? `alter table tags add twice text generated always as (label || label) virtual` : ''}`);
    await refresh(source, target, options);
    expect(await count(target, 'dfp_orders where id = 0')).toBe(1);
    if (rows[0].virtual) expect(await count(target, 'tags where twice = label || label')).toBe(5);
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

    // What a rebuild sets aside would take it along.
    for (const [made, label, gone] of [
      ['domain words as text', 'type words', 'domain words'],
      ['sequence free', `set default nextval('free')::text`, 'sequence free'],
      ['function one() returns text return 1', 'set default one()', 'function one()'],
    ]) {
      await source.client.query(`create ${made}; alter table tags alter column label ${label}`);
      expect(await code(refresh(source, target, options))).toMatch(
        /^TABLE_UNSUPPORTED: .* (?:type words|sequence free|function one\(\))/,
      );
      await source.client.query(
        `alter table tags alter column label drop default; alter table tags alter column label type text; drop ${gone}`,
      );
    }

    // A reader might see fewer rows than there are.
    await source.client.query('alter table tags enable row level security');
    expect(await code(refresh(source, target, options))).toMatch(
      /^TABLE_UNSUPPORTED: .*row security of tags/,
    );
    await source.client.query('alter table tags disable row level security');
    expect(await contentOf(target.client)).toEqual(before);
  });

  it('says before it copies whose tables it may not replace', async () => {
    const [source, target] = await stagingAndDevelopment();
    const url = new URL(target.url);
    await target.client.query(`
      create role refresh_writer login password 'writer' in role pg_read_all_data;
      grant all on database "${url.pathname.slice(1)}" to refresh_writer`);
    const { rows } = await target.client.query(
      `select format('alter table %s owner to refresh_writer', oid::regclass) as sql from pg_class
       where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'tags'`,
    );
    for (const { sql } of rows) await target.client.query(sql);
    url.username = 'refresh_writer';
    url.password = 'writer';
    const writer = await openSide('development', url.href);
    const steps: string[] = [];
    await expect(
      refresh(source, writer, {
        ...options,
        others: 'wait',
        onStep: ({ kind }) => steps.push(kind),
      }),
    ).rejects.toMatchObject({
      code: 'TARGET_NOT_OWNED',
      message: expect.stringMatching(/^In development refresh_writer may not .*: tags \(/),
    });
    expect(steps).toEqual([]);
    await writer.client.end();
    await writer.pool.end();
    await target.client.query(
      'reassign owned by refresh_writer to current_user; drop owned by refresh_writer; drop role refresh_writer',
    );
  });

  it('says so when it isn’t known whether Postgres did it', async () => {
    const [source, target] = await stagingAndDevelopment();
    const before = await contentOf(target.client);
    const connect = async () => {
      const session = await target.sessions.connect();
      const query = session.query.bind(session) as (...asked: unknown[]) => Promise<unknown>;
      let swaps = false;
      const asking = async (...asked: unknown[]) => {
        const answer = await query(...asked);
        swaps ||= /insert into spire.transfers/.test(String(asked[0]));
        if (swaps && asked[0] === 'commit') throw new Error('Connection terminated unexpectedly');
        return answer;
      };
      return Object.assign(session, {
        query: (...asked: unknown[]) =>
          typeof asked[0] === 'string' ? asking(...asked) : query(...asked),
      }) as typeof session;
    };
    await expect(
      refresh(source, { ...target, sessions: { connect } }, options),
    ).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    await undo(target);
    expect(await contentOf(target.client)).toEqual(before);
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
