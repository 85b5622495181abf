import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPractice } from './practice-databases.ts';
import { ended, type Home } from './spire-process.ts';

// The way of a database of Alembic's to the modern schema, and what guards it afterwards: each test goes on
// where the one before it ended.

let practice: Awaited<ReturnType<typeof startPractice>>;
let home: Home;
beforeAll(async () => {
  practice = await startPractice();
  home = practice.home;
});
afterAll(() => practice?.end());

const at = (file: string) => join(home.directory, file);

/** An environment as `migrate status` tells it. */
async function statusOf(environment: string) {
  const { environments } = await home.json('migrate', 'status', '-e', environment);
  return environments[0];
}

describe('staging', () => {
  const on = ['-e', 'staging'];

  it.each(['plan', 'up'])('%s wants it to be adopted first', async (command) => {
    const { exitCode, stderr } = await home.spire(['migrate', command, ...on]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/-> .*: spire migrate adopt -e staging --dry-run\n/);
    expect(stderr).toMatch(/ADOPTION_REQUIRED/);
  });

  it('adopt --dry-run says that it can be, and writes nothing', async () => {
    const found = await home.json('migrate', 'adopt', ...on, '--dry-run');
    expect(found).toMatchObject({
      state: 'ready',
      heads: ['9a18fa4a434f'],
      differences: [],
      adopted: false,
    });
    expect(await statusOf('staging')).toMatchObject({
      applied: [],
      alembic: ['9a18fa4a434f'],
      claimedAs: null,
    });
  });

  it('adopt records the baseline and the name, and leaves the rest as it was', async () => {
    const count = `select count(*), (select version_num from alembic_version) from history`;
    const before = await home.json('db', 'query', count, ...on);
    expect(await home.json('migrate', 'adopt', ...on)).toMatchObject({ adopted: true });
    expect(await statusOf('staging')).toMatchObject({
      applied: ['0000_baseline'],
      alembic: null,
      claimedAs: 'staging',
    });
    expect(await home.json('db', 'query', count, ...on)).toEqual(before);
    const { stdout } = await home.spire(['migrate', 'adopt', ...on]);
    expect(stdout).toBe('Spire has adopted staging already.\n');
  });

  it('plan shows each statement, what it locks, and the hash', async () => {
    const { hash, pending, drift } = await home.json('migrate', 'plan', ...on);
    expect(hash).toMatch(/^[0-9a-f]{12}$/);
    expect(drift).toEqual([]);
    expect(pending).toHaveLength(12);
    expect(pending[1]).toMatchObject({
      tag: '0002_workflows',
      reversible: false,
      irreversible: 'the former columns held days, not times',
      findings: [],
    });
    expect(pending[1].statements[0].tables).toEqual([
      { table: 'workflows', lock: 'AccessExclusiveLock', rewrites: false },
    ]);
    const { exitCode, stdout } = await home.spire(['migrate', 'plan', ...on, '--exit-code']);
    expect(exitCode).toBe(6);
    expect(stdout).toMatch(
      /\n {4}\^ locks workflows \(AccessExclusiveLock\): nobody reads or writes it until the file is done\n/,
    );
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`plan  staging:${hash}`);
  });

  it('up accounts for each row that Alembic left', async () => {
    const { rows: before } = await practice.inside('spire_staging', (client) =>
      client.query(`select relname as table, (xpath('/row/c/text()',
          query_to_xml(format('select count(*) as c from %I', relname), false, true, '')))[1]::text::int as found
        from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
          and relname <> 'alembic_version' order by relname collate "C"`),
    );
    const { applied, legacy } = await home.json('migrate', 'up', ...on);
    expect(applied).toHaveLength(12);
    const all = legacy as Record<
      'found' | 'carried' | 'merged' | 'quarantined' | 'table',
      number
    >[];
    expect(all.map(({ table, found }) => ({ table, found }))).toEqual(before);
    for (const { found, carried, merged, quarantined } of all) {
      expect(found).toBe(carried + merged + quarantined);
    }
    expect(all.filter(({ quarantined }) => quarantined > 0).length).toBeGreaterThan(5);
    expect(await home.json('migrate', 'up', ...on)).toMatchObject({ applied: [], legacy: [] });
  });

  it('quarantine lists what was set aside, and exports it for its owner alone', async () => {
    const { legacy, quarantined } = await home.json('migrate', 'quarantine', ...on);
    const sum = (rows: number[]) => rows.reduce((one, other) => one + other, 0);
    const total = sum(quarantined.map(({ rows }: { rows: number }) => rows));
    expect(total).toBe(sum(legacy.map((one: { quarantined: number }) => one.quarantined)));

    const call = ['migrate', 'quarantine', ...on, '--export', at('rows.jsonl')];
    expect(await home.json(...call)).toMatchObject({ exported: total, file: at('rows.jsonl') });
    expect(statSync(at('rows.jsonl')).mode & 0o777).toBe(0o600);
    const lines = readFileSync(at('rows.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(total);
    for (const line of lines) {
      expect(Object.keys(JSON.parse(line))).toEqual(['id', 'table', 'reason', 'setAsideAt', 'row']);
    }
    expect((await home.spire(call)).exitCode).toBe(2);

    const one = await home.json('migrate', 'quarantine', ...on, '--table', 'schedules');
    expect(one.quarantined).toEqual(
      quarantined.filter(({ table }: { table: string }) => table === 'schedules'),
    );
  });

  it('drift finds nothing, then what somebody changed by hand, and the SQL that closes it', async () => {
    const drift = ['migrate', 'drift', ...on];
    const clean = await home.spire([...drift, '--exit-code']);
    expect([clean.exitCode, clean.stdout]).toEqual([
      0,
      'staging is what its applied migrations make (13).\n',
    ]);
    await practice.runAs(
      'spirestage',
      'spire_staging',
      `alter table tags add column colour text; drop index workflows_enabled_idx;
       alter table history alter column stage drop not null;
       create function hurried() returns int language sql as 'select 1'`,
    );
    const found = await home.spire([...drift, '--exit-code']);
    expect(found.exitCode).toBe(6);
    expect(found.stdout.trimEnd().split('\n')).toEqual([
      '  history.stage is nullable, and should be not null',
      "  table tags has a column colour (text), which the migrations don't make  (closing it loses data)",
      '  the index workflows_enabled_idx on workflows is missing',
      "  there is a function hurried(), which the migrations don't make",
    ]);
    expect((await home.spire(drift)).exitCode).toBe(0);
    const { stdout: sql, stderr } = await home.spire([...drift, '--sql']);
    expect(stderr).toContain('Spire knows no SQL for this: there is a function hurried()');
    await practice.runAs('spirestage', 'spire_staging', `${sql} drop function hurried();`);
    expect(await home.json(...drift)).toMatchObject({ differences: [], ledger: [] });
  });

  it('drift shows who may do what, and its SQL takes nobody that unasked', async () => {
    const drift = ['migrate', 'drift', ...on];
    await practice.runAs('spirestage', 'spire_staging', 'grant select on workflows to public');
    const { differences } = await home.json(...drift);
    expect(differences).toMatchObject([{ kind: 'grant', change: 'extra', closesGate: false }]);
    const { stdout: sql } = await home.spire([...drift, '--sql']);
    expect(sql.split('\n').filter((line) => line !== '' && !line.startsWith('--'))).toEqual([]);
    expect(sql).toContain('-- revoke select on table public.workflows from public;');
    await practice.runAs('spirestage', 'spire_staging', 'revoke select on workflows from public');
  });

  it('down says what can not be taken back, and changes nothing', async () => {
    const { error } = await home.json('migrate', 'down', ...on);
    expect(error.code).toBe('MIGRATION_IRREVERSIBLE');
    expect((await statusOf('staging')).pending).toEqual([]);
  });
});

describe('production', () => {
  const on = ['-e', 'production'];
  const up = (...words: string[]) => home.spire(['migrate', 'up', ...on, ...words]);
  let whole: string;
  const hashOf = async (...words: string[]): Promise<string> =>
    (await home.json('migrate', 'plan', ...on, ...words)).hash;

  it('is adopted when its name is given', async () => {
    expect((await home.spire(['migrate', 'adopt', ...on])).exitCode).toBe(3);
    const call = ['migrate', 'adopt', ...on, '--confirm', 'production'];
    expect(await home.json(...call)).toMatchObject({ adopted: true });
    whole = await hashOf();
  });

  it.each([
    ['no hash', [], /production is protected/],
    ['the name alone', ['--confirm', 'production'], /production is protected/],
    ['another hash', ['--confirm', 'production:0123456789ab'], /by now, not 0123456789ab/],
  ])('up with %s is refused, and the line to paste is printed', async (_, words, why) => {
    const { exitCode, stderr } = await up(...words);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(why);
    expect(stderr).toContain(`spire migrate up -e production --confirm production:${whole}\n`);
  });

  it('a hash that was right is refused once the state has moved', async () => {
    expect((await statusOf('production')).applied).toEqual(['0000_baseline']);
    const first = ['--to', '0001_quarantine'];
    const word = `production:${await hashOf(...first)}`;
    expect((await up(...first, '--confirm', word)).exitCode).toBe(0);
    const { exitCode, stderr } = await up('--confirm', `production:${whole}`);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(new RegExp(`the plan is [0-9a-f]{12} by now, not ${whole}`));
    expect((await statusOf('production')).applied).toHaveLength(2);
  });

  it('the gate is closed while the database has drifted, also to the right hash', async () => {
    await practice.runAs(
      'spireprod',
      'spire_production',
      'create index hurried_idx on history (status)',
    );
    const hash = await hashOf();
    const closed = await up('--confirm', `production:${hash}`);
    expect(closed.exitCode).toBe(1);
    expect(closed.stderr).toMatch(/ {2}drift: there is an index hurried_idx on history/);
    expect(closed.stderr).toContain('spire migrate drift -e production --sql\n');
    expect((await statusOf('production')).applied).toHaveLength(2);

    const { stdout } = await home.spire(['migrate', 'drift', ...on, '--sql']);
    await practice.runAs('spireprod', 'spire_production', stdout);
    const passed = await up('--confirm', `production:${hash}`);
    expect([passed.exitCode, /^Applied.*/m.exec(passed.stdout)?.[0]]).toEqual([0, 'Applied 11.']);
  });

  it('asks for nothing when nothing is to be done, so that a job may be run again', async () => {
    for (const confirmed of [[], ['--confirm', `production:${whole}`]]) {
      const { exitCode, stdout } = await up(...confirmed);
      expect([exitCode, stdout]).toEqual([0, 'Nothing pending.\n']);
    }
  });
});

describe('development, which is older and was changed by hand', () => {
  const on = ['-e', 'development'];
  const repair = () => at('repair.sql');

  it('adopt says in words what differs', async () => {
    const { stdout } = await home.spire(['migrate', 'adopt', ...on, '--dry-run']);
    expect(stdout.trimEnd().split('\n')).toEqual([
      "Alembic is at 5b2e07c41d9a, which Spire doesn't know: an older revision, or one of another tree.",
      "Its tables aren't the baseline:",
      '  the table assembly_status is missing',
      '  the table cluster_status is missing',
      '  the table dfp_orders is missing',
      '  the table scoring_status is missing',
      '  the table training_status is missing',
      '  workflows.enabled has the default true, and should have the default false',
      '  table workflows lacks the column is_proxy (boolean)',
      "  table workflows has a column owner_email (text), which the migrations don't make  (closing it loses data)",
      "  there is an index history_tmp_idx on history, which the migrations don't make",
      "It can't be adopted until its tables are the baseline.",
    ]);
  });

  it('what --write-repair wrote makes it a database to adopt', async () => {
    const refused = await home.spire(['migrate', 'adopt', ...on, '--write-repair', repair()]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(
      /-> Read .*repair\.sql, then run it: spire db psql -e development/,
    );
    const sql = readFileSync(repair(), 'utf8');
    expect(sql).toMatch(
      /^-- loses data: .*owner_email.*\nalter table .* drop column owner_email;$/m,
    );
    await practice.runAs('spiredevusr', 'spire_development', sql);
    expect(await home.json('migrate', 'adopt', ...on)).toMatchObject({
      adopted: true,
      differences: [],
    });
    expect((await home.json('migrate', 'up', ...on)).applied).toHaveLength(12);
  });
});

it('status shows them side by side', async () => {
  const { environments } = await home.json('migrate', 'status');
  expect(environments).toMatchObject(
    ['production', 'staging', 'development'].map((environment) => ({
      environment,
      claimedAs: environment,
      version: '0012_dfp_orders',
      pending: [],
      problem: null,
    })),
  );
});

it('of eight that migrate at once one does it, and the others find it done', async () => {
  const other = await practice.staging('eight');
  const calls = Array.from({ length: 8 }, () => ended(other.start(['migrate', 'up', '--json'])));
  const all = await Promise.all(calls);
  expect(all.map(({ exitCode }) => exitCode)).toEqual(Array(8).fill(0));
  const applied = all.map(({ stdout }) => JSON.parse(stdout).applied.length);
  expect(applied.sort((one, two) => one - two)).toEqual([0, 0, 0, 0, 0, 0, 0, 13]);
});

describe('repair', () => {
  let other: Home;
  beforeAll(async () => {
    other = await practice.staging('books', 'eight');
  });
  const change = (sql: string) => practice.inside('books', (client) => client.query(sql));

  it.each([
    [
      'an edited file',
      `update drizzle.__drizzle_migrations ledger set hash = 'x' from spire.migrations ours
         where ours.hash = ledger.hash and tag = '0011_history';
       update spire.migrations set hash = 'x' where tag = '0011_history'`,
      { tag: '0011_history', kind: 'edited' },
    ],
    [
      'a migration without a file',
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('gone', 1795421400001);
       insert into spire.migrations (tag, hash, created_at, actor, duration_ms, tool_version)
         values ('0011_gone', 'gone', 1795421400001, 'somebody', 0, '0')`,
      { tag: '0011_gone', kind: 'missing' },
    ],
  ])('puts %s right, and keeps who did it and why', async (_, sql, problem) => {
    await change(sql);
    expect((await other.json('migrate', 'up')).error.code).toBe('LEDGER_DIVERGED');
    const { repairs } = await other.json('migrate', 'repair');
    expect(repairs).toMatchObject([problem]);
    const call = ['migrate', 'repair', problem.tag];
    expect((await other.spire(call)).exitCode).toBe(2);
    expect(await other.json(...call, '--reason', 'it was meant so')).toMatchObject({
      repaired: problem,
    });
    expect(await other.json('migrate', 'up')).toMatchObject({ applied: [] });
    const { rows } = await change('select tag, reason, actor from spire.repairs order by id desc');
    expect(rows[0]).toMatchObject({ tag: problem.tag, reason: 'it was meant so' });
    expect(rows[0].actor).not.toBe('');
  });
});

describe('a shadow that is given', () => {
  const relations = `select count(*)::int as count from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r'`;
  const drift = ['migrate', 'drift', '-e', 'staging', '--shadow-url'];
  const urlOf = (database: string) =>
    `postgres://postgres@127.0.0.1:${practice.postgres.port}/${database}`;
  beforeAll(() => {
    home.variables.PGPASSWORD = practice.postgres.password;
  });

  it('is used and emptied again', async () => {
    const { differences } = await home.json(...drift, urlOf('shadow'));
    expect(differences).toEqual([]);
    const { rows } = await practice.inside('shadow', (client) => client.query(relations));
    expect(rows).toEqual([{ count: 0 }]);
  });

  it("is refused when it isn't empty, and stays as it is", async () => {
    await practice.postgres.createDatabase('occupied');
    await practice.inside('occupied', (client) => client.query('create table dear (id int)'));
    const { error } = await home.json(...drift, urlOf('occupied'));
    expect(error).toMatchObject({ code: 'SHADOW_NOT_EMPTY' });
    const { rows } = await practice.inside('occupied', (client) => client.query(relations));
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('is named when it can not be reached', async () => {
    const { exitCode, stderr } = await home.spire([...drift, urlOf('nowhere')]);
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/The shadow database can't be reached \(3D000\)/);
  });
});
