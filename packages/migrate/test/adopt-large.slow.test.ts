import { existsSync, readFileSync } from 'node:fs';
import { migrationFiles } from '@spire/schema';
import { type PostgresServer, startPostgres } from '@spire/servers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  adoptDatabase,
  applyMigrations,
  planAdoption,
  readAlembicHeads,
  readLegacyTables,
  readQuarantineGroups,
} from '../src/index.ts';
import {
  largeFates,
  largeHistory,
  largeQuarantine,
  largeSmallTables,
} from './large-legacy-rows.ts';
import { runAlembic, whyNoAlembic } from './run-alembic.ts';

const HEAD = '9a18fa4a434f';
const FAILING = '9713d3159095';
const actor = { name: 'ann', toolVersion: '1.2.3' };
const noAlembic = whyNoAlembic();
if (noAlembic) console.warn(`The tables are made without Alembic: ${noAlembic}.`);

const open: pg.Client[] = [];
let server: PostgresServer;
let live: pg.Client;

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  open.push(client);
  return client;
}

/** What Alembic leaves, where there is no Alembic. */
async function imitateAlembic(client: pg.Client): Promise<void> {
  for (const statement of migrationFiles()[0]?.statements ?? []) await client.query(statement);
  await client.query(`create table alembic_version (
    version_num varchar(32) not null, constraint alembic_version_pkc primary key (version_num)
  )`);
  await client.query('insert into alembic_version values ($1)', [HEAD]);
}

async function fill(url: string): Promise<void> {
  await live.query(largeSmallTables);
  await Promise.all(largeHistory.map(async (sql) => (await connect(url)).query(sql)));
}

async function timed<T>(run: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const started = performance.now();
  const result = await run();
  return { result, seconds: (performance.now() - started) / 1000 };
}

/** The most memory that a process of this machine ever had; of a session, what it shares is part of it. */
function peakMemory(pid: number): string {
  const file = `/proc/${pid}/status`;
  const peak = existsSync(file) && /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(file, 'utf8'))?.[1];
  return peak ? `${Math.round(Number(peak) / 1024)} MiB` : `unknown (${file} doesn't say)`;
}

beforeAll(async () => {
  server = await startPostgres({ lifetime: 'parent', settings: { max_wal_size: '4GB' } });
  live = await connect(await server.createDatabase('legacy'));
  if (noAlembic) await imitateAlembic(live);
  else await runAlembic(server, 'legacy', 'upgrade', HEAD);
});

afterAll(async () => {
  await Promise.all(open.map((client) => client.end()));
  await server?.stop();
});

describe('a database of a million runs that Alembic made', () => {
  it("stays where the baseline is when Alembic's last revision fails", async ({ skip }) => {
    if (noAlembic) skip(noAlembic);
    await expect(runAlembic(server, 'legacy', 'upgrade', FAILING)).rejects.toMatchObject({
      stderr: expect.stringContaining(
        'there is no unique constraint matching given keys for referenced table "history"',
      ),
    });
    expect(await runAlembic(server, 'legacy', 'current')).toBe(`${HEAD}\n`);
  });

  it('is adopted and modernised, and each of its rows is accounted for', {
    timeout: 180_000,
  }, async () => {
    await fill(server.connectionString('legacy'));
    const { rows: session } = await live.query('select pg_backend_pid() as pid');

    const shadow = await connect(await server.createDatabase('shadow'));
    const planning = await timed(() => planAdoption(live, shadow));
    expect(planning.result).toMatchObject({
      state: 'ready',
      heads: [HEAD],
      findings: [`Alembic is at ${HEAD}, the baseline's revision.`],
      differences: [],
      ignored: [],
    });
    const adoption = await timed(() => adoptDatabase(live, planning.result, 'staging', actor));
    const modernising = await timed(() => applyMigrations(live, { actor }));
    console.log(`
adoption      ${(planning.seconds + adoption.seconds).toFixed(1)} s
modernising   ${modernising.seconds.toFixed(1)} s, ${Math.round(1_000_000 / modernising.seconds)} runs/s
peak memory   Node ${peakMemory(process.pid)}, Postgres' session ${peakMemory(session[0].pid)}, its part of the shared buffers included`);

    expect(modernising.result).toEqual(migrationFiles().slice(1));
    expect(await readAlembicHeads(live)).toEqual([HEAD]);
    const tables = await readLegacyTables(live);
    expect(
      Object.fromEntries(
        tables.map(({ table, found, carried, merged, quarantined }) => [
          table,
          [found, carried, merged, quarantined],
        ]),
      ),
    ).toEqual(largeFates);
    for (const [found, carried, merged, quarantined] of Object.values(largeFates)) {
      expect(found).toBe(carried + merged + quarantined);
    }
    const groups = await readQuarantineGroups(live, 'history');
    expect(Object.fromEntries(groups.map(({ reason, rows }) => [reason, rows]))).toEqual(
      largeQuarantine,
    );
    expect(await applyMigrations(live, { actor })).toEqual([]);
  });

  it('has the runs that it had, in the spelling of today', async () => {
    const { rows } = await live.query(`
      select
        (select count(*)::int from generate_series(1, 994500) n
          join history on id = md5('run ' || n)::uuid) as valid,
        count(*)::int as runs,
        sum((stats->>'rows')::int)::int as "sum of stats",
        count(info->>'notebook')::int as notebooks,
        min(arg_date)::text as first, max(arg_date)::text as last,
        count(*) filter (where error = 'copy')::int as "later copies",
        count(*) filter (where stage = 'assembly')::int as assembly,
        count(*) filter (where stage = 'training')::int as training,
        count(*) filter (where stage = 'scoring')::int as scoring,
        count(*) filter (where status = 'success')::int as success,
        count(*) filter (where status = 'failed')::int as failed,
        count(*) filter (where status = 'running')::int as running,
        count(*) filter (where status = 'pending')::int as pending
      from history`);
    expect(rows).toEqual([
      {
        valid: 994_500,
        runs: 994_500,
        // 994 times 0 to 999, and 1 to 500.
        'sum of stats': 496_628_250,
        notebooks: 994_500,
        // 900 runs a day.
        first: '2021-01-01',
        last: '2024-01-10',
        'later copies': 450,
        assembly: 331_500,
        training: 331_500,
        scoring: 331_500,
        success: 426_215,
        failed: 284_143,
        running: 142_071,
        pending: 142_071,
      },
    ]);
  });
});
