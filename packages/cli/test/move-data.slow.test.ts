import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPractice } from './practice-databases.ts';

// Development goes from old and dirty to current, and back.

let practice: Awaited<ReturnType<typeof startPractice>>;
beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice?.end());

const CONFIRMED = ['-e', 'development', '--confirm', 'development'];

/** A hash of each table of a database: its rows in any order. */
function contentOf(database: string): Promise<Record<string, string>> {
  return practice.inside(database, async (client) => {
    const { rows } = await client.query<{ ref: string }>(`
      select format('%I.%I', nspname, relname) as ref
      from pg_class c join pg_namespace n on n.oid = relnamespace
      where relkind = 'r' and nspname in ('public', 'drizzle', 'spire')
        and (nspname, relname) not in (('spire', 'transfers'), ('spire', 'environment'))
      order by 1`);
    const content: Record<string, string> = {};
    for (const { ref } of rows) {
      const answer = await client.query(
        `select count(*) || ' ' || coalesce(md5(string_agg(t::text, e'\\n' order by t::text collate "C")), '') as hash from ${ref} t`,
      );
      content[ref] = answer.rows[0].hash;
    }
    return content;
  });
}

it('rebuilds development from staging with one command, and the undo brings it back', async () => {
  const { home } = practice;
  const before = await contentOf('spire_development');
  const { receipt } = await home.json('db', 'rebuild', '--from', 'staging', ...CONFIRMED);
  expect(receipt).toMatchObject({ kind: 'rebuild', source: 'staging', undoneAt: null });
  const { environments } = await home.json('migrate', 'status', '-e', 'development');
  expect(environments).toMatchObject([{ pending: [], claimedAs: 'development' }]);

  const { undone } = await home.json('db', 'undo', ...CONFIRMED);
  expect(undone.id).toBe(receipt.id);
  expect(await contentOf('spire_development')).toEqual(before);
});

it('refreshes development from staging once both are at the same migration, and shows nobody’s values', async () => {
  const { home } = practice;
  const refused = await home.json('db', 'refresh', '--from', 'staging', ...CONFIRMED);
  expect(refused.error).toMatchObject({ code: 'HEADS_DIFFER' });
  for (const call of ['adopt', 'up']) {
    expect((await home.spire(['migrate', call, '-e', 'staging'])).exitCode).toBe(0);
  }
  await home.json('db', 'rebuild', '--from', 'staging', ...CONFIRMED);
  const answer = await home.json('db', 'refresh', '--from', 'staging', ...CONFIRMED);
  expect(Object.keys(answer).sort()).toEqual(['environment', 'receipt']);
  expect(Object.keys(answer.receipt).sort()).toEqual([
    'actor',
    'durationMillis',
    'finishedAt',
    'id',
    'keptUntil',
    'kind',
    'source',
    'tables',
    'undoneAt',
  ]);
  const advertisers = (database: string) =>
    practice.inside(database, async (client) => {
      const { rows } = await client.query('select advertiser, order_id from dfp_orders');
      return rows.flatMap(({ advertiser, order_id }) => [advertiser, String(order_id)]);
    });
  const raw = await advertisers('spire_staging');
  expect(raw.length).toBeGreaterThan(10);
  const masked = await advertisers('spire_development');
  expect(masked).toHaveLength(raw.length);
  for (const value of masked) expect(raw).not.toContain(value);
  const { rows } = await home.json(
    'db',
    'query',
    'select count(*) from workflows where enabled',
    '-e',
    'development',
  );
  expect(rows).toEqual([['0']]);
});

it('never replaces what a protected environment has, nor one by itself', async () => {
  const { home } = practice;
  for (const call of [
    ['refresh', '--from', 'staging'],
    ['rebuild', '--from', 'staging'],
    ['rebuild', '--empty'],
  ]) {
    const { error } = await home.json('db', ...call, '-e', 'production', '--confirm', 'production');
    expect(error).toMatchObject({ code: 'TARGET_PROTECTED' });
  }
  const { error } = await home.json('db', 'rebuild', '--from', 'development', ...CONFIRMED);
  expect(error).toMatchObject({ code: 'SAME_DATABASE' });
});

it('takes a day of the calendar as --since, and nothing else', async () => {
  for (const since of ['', 'today', '2026-02-30', '2026-1-1', "2026-01-01'"]) {
    const call = ['db', 'refresh', '--from', 'staging', `--since=${since}`, ...CONFIRMED];
    const { exitCode, stderr } = await practice.home.spire(call);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/^Error: --since: expected a day/),
    ]);
  }
});

it('is broken off by Ctrl-C: it says how things are, and both servers are rid of it', async () => {
  const { home } = practice;
  const before = await contentOf('spire_development');
  const child = home.start(['db', 'rebuild', '--from', 'staging', ...CONFIRMED]);
  let stderr = '';
  let interrupted = false;
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
    // The first table has arrived.
    if (!interrupted && /rows?,/.test(stderr)) interrupted = child.kill('SIGINT');
  });
  const [exitCode] = await once(child, 'close');
  expect(stderr).toMatch(/Interrupted\. development is as it was\./);
  expect(exitCode).toBe(130);
  expect(await contentOf('spire_development')).toEqual(before);
  const left = await practice.inside('spire_development', async (client) => {
    const { rows } = await client.query(
      `select (select count(*)::int from pg_stat_activity where application_name ~ '^spire db') as sessions,
         to_regnamespace('spire_incoming') as schema`,
    );
    return rows[0];
  });
  expect(left).toEqual({ sessions: 0, schema: null });
});
