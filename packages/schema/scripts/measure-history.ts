import { startPostgres } from '@spire/servers';
import pg from 'pg';
import { migrationFiles } from '../src/migration-files.ts';

// How long each question to history takes when it holds years of runs: the figures of decision 0003.
// node scripts/measure-history.ts [days]

const days = Number(process.argv[2] ?? 500);
const workflow = `(select id from workflows where name = 'spire_adobe_1500')`;
const perWorkflowAndStage = (condition: string) => `
  select w.name, s.stage, latest.* from workflows w
  cross join (values ('assembly'), ('training'), ('scoring')) s (stage)
  cross join lateral (
    select id, status, execution_date from history h
    where h.workflow_id = w.id and h.stage = s.stage and ${condition}
    order by execution_date desc limit 1
  ) latest
  where w.enabled`;
const one = `workflow_id = ${workflow} and stage = 'training'`;
const day = `date '2026-06-01'`;

const questions: Record<string, string> = {
  'latest run of a workflow and stage': `select * from history where ${one} order by execution_date desc limit 1`,
  '... on a date': `select * from history where ${one} and arg_date = ${day} order by execution_date desc limit 1`,
  '... as of a moment': `select * from history where ${one} and execution_date <= ${day} order by execution_date desc limit 1`,
  '... its last success': `select * from history where ${one} and status = 'success' order by execution_date desc limit 1`,
  '... last success, failing for a year': `select * from history where workflow_id = (select id from workflows where name = 'spire_adobe_7') and stage = 'training' and status = 'success' order by execution_date desc limit 1`,
  '... its failures of 30 days': `select * from history where ${one} and status = 'failed' and execution_date > ${day} - 30`,
  'all failures on a date': `select * from history where arg_date = ${day} and status not in ('pending', 'running', 'success')`,
  'all enabled: latest runs on a date': `
    select distinct on (workflow_id, stage) workflow_id, stage, execution_date, status
    from history join workflows w on w.id = workflow_id
    where arg_date = ${day} and w.enabled
    order by workflow_id desc, stage desc, execution_date desc`,
  'all enabled: latest runs as of a moment': perWorkflowAndStage(`execution_date <= ${day}`),
  'all enabled: last successes': perWorkflowAndStage(`status = 'success'`),
  'newest 50 of all': 'select * from history order by execution_date desc, id desc limit 50',
  'newest 50 before a moment': `select * from history where (execution_date, id) < (${day}, gen_random_uuid()) order by execution_date desc, id desc limit 50`,
};

const server = await startPostgres({ lifetime: 'parent', settings: { shared_buffers: '512MB' } });
try {
  const client = new pg.Client({ connectionString: await server.createDatabase('history') });
  await client.connect();
  for (const { statements } of migrationFiles()) {
    for (const statement of statements) await client.query(statement);
  }
  await client.query(`insert into workflows (name, description, enabled)
    select 'spire_adobe_' || n, '', n % 10 <> 0 from generate_series(1, 3000) n`);
  const filled = performance.now();
  await client.query(`insert into history
      (workflow_id, stage, arg_date, execution_date, status, stats, info)
    select w.id, s.stage, d::date, d + s.place * interval '2 hours' + random() * interval '2 hours',
      case when random() < 0.03 or (w.name = 'spire_adobe_7' and d > now() - interval '1 year')
        then 'failed' else 'success' end,
      '{"auc": 0.81, "rows": 250000, "seconds": 1234}', '{"notebook": "/spire/run", "version": "1.2.3"}'
    from generate_series(date '2026-11-23' - ${days}, date '2026-11-22', '1 day') d,
      (values ('assembly', 0), ('training', 1), ('scoring', 2)) s (stage, place), workflows w
    order by d, s.place`);
  await client.query('vacuum analyze history');
  const sizes = await client.query<{ name: string; size: string }>(`
    select 'rows' as name, count(*)::text as size from history union all
    select 'table', pg_size_pretty(pg_table_size('history')) union all
    select indexrelid::regclass::text, pg_size_pretty(pg_relation_size(indexrelid))
    from pg_index where indrelid = 'history'::regclass`);
  console.log(`filled in ${Math.round((performance.now() - filled) / 1000)} s`);
  for (const { name, size } of sizes.rows) console.log(`${name.padEnd(42)} ${size}`);
  for (const [question, sql] of Object.entries(questions)) {
    const times: number[] = [];
    let rows = 0;
    for (let round = 0; round < 7; round += 1) {
      const start = performance.now();
      rows = (await client.query(sql)).rows.length;
      times.push(performance.now() - start);
    }
    const median = times.sort((a, b) => a - b)[3] ?? 0;
    console.log(`${question.padEnd(42)} ${median.toFixed(1).padStart(8)} ms ${rows} rows`);
    if (process.argv.includes('--plans')) {
      const plan = await client.query(`explain (analyze, buffers, costs off) ${sql}`);
      console.log(plan.rows.map((row) => `    ${row['QUERY PLAN']}`).join('\n'));
    }
  }
  await client.end();
} finally {
  await server.stop();
}
