import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startPractice } from './practice-databases.ts';
import { BINS, type Ended, ended } from './spire-process.ts';

// The workflow of docs/guides/github-actions.md, its `run` lines as they stand there, by bash, with what
// GitHub's runner gives them, against a practice organisation's production.

const root = join(import.meta.dirname, '..', '..', '..');
const guide = readFileSync(join(root, 'docs', 'guides', 'github-actions.md'), 'utf8');
const workflow: Workflow = parse(/^```yaml\n([\s\S]*?)^```$/m.exec(guide)?.[1] ?? '');

type Variables = Readonly<Record<string, string>>;
interface Job {
  readonly env?: Variables;
  readonly if?: string;
  readonly outputs?: Variables;
  readonly steps: readonly {
    readonly id?: string;
    readonly env?: Variables;
    readonly run?: string;
  }[];
}
interface Workflow {
  readonly env: Variables;
  readonly jobs: Readonly<Record<string, Job>>;
}

const machine = mkdtempSync(join(tmpdir(), 'spire-runner-'));
let practice: Awaited<ReturnType<typeof startPractice>>;
/** What `${{ ... }}` stands for. */
let contexts: Record<string, string>;

beforeAll(async () => {
  practice = await startPractice();
  const { home, postgres } = practice;
  await home.spire(['migrate', 'adopt', '-e', 'production', '--confirm', 'production']);
  const file = join(home.variables.SPIRE_CONFIG_DIR ?? '', 'config.yml');
  const { production } = parse(readFileSync(file, 'utf8')).environments;
  contexts = {
    'vars.PRODUCTION_DB_HOSTNAME': production.DB_HOSTNAME,
    'vars.PRODUCTION_DB_PORT': production.DB_PORT,
    'vars.PRODUCTION_DB_CA': postgres.ca ?? '',
    'vars.PRODUCTION_VAULT_WRITE_PATH': production.VAULT_WRITE_PATH,
    'vars.VAULT_ADDRESS': production.VAULT_ADDRESS,
    'secrets.PRODUCTION_VAULT_READ_TOKEN': production.VAULT_TOKEN,
    'secrets.PRODUCTION_VAULT_WRITE_TOKEN': production.VAULT_TOKEN,
  };
  mkdirSync(join(machine, 'bin'));
  const npx = join(machine, 'bin', 'npx');
  writeFileSync(npx, `#!/bin/sh\nshift 3\nexec '${process.execPath}' '${BINS.build}' "$@"\n`);
  chmodSync(npx, 0o755);
});
afterAll(async () => {
  rmSync(machine, { recursive: true, force: true });
  await practice?.end();
});

function fill(text: string): string {
  return text.replace(/\$\{\{ ([\w.]+) \}\}/g, (_, name: string) => {
    const value = contexts[name];
    if (value === undefined) throw new Error(`nobody says what ${name} is`);
    return value;
  });
}

const filled = (variables: Variables = {}) =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, fill(value)]));

/** Runs a job's steps until one fails, on a machine of its own. */
async function runJob(name: string) {
  const job = workflow.jobs[name] as Job;
  const temp = mkdtempSync(join(machine, `${name}-`));
  const at = (file: string) => join(temp, file);
  const files = {
    GITHUB_ENV: at('env'),
    GITHUB_OUTPUT: at('output'),
    GITHUB_STEP_SUMMARY: at('summary'),
  };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const read = (file: string) =>
    Object.fromEntries(
      [...readFileSync(file, 'utf8').matchAll(/^(\w+)=(.*)$/gm)].map(([, key = '', value = '']) => [
        key,
        value,
      ]),
    );
  const given = {
    PATH: [join(machine, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: temp,
    RUNNER_TEMP: temp,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: 'octocat',
    ...files,
  };
  const results: Ended[] = [];
  for (const step of job.steps) {
    if (!step.run) continue;
    const env = {
      ...given,
      ...filled(workflow.env),
      ...filled(job.env),
      ...read(files.GITHUB_ENV),
      ...filled(step.env),
      // Stands for the job's own Postgres.
      SPIRE_SHADOW_URL: practice.home.variables.SPIRE_SHADOW_URL,
    };
    const child = spawn('bash', ['-e', '-c', fill(step.run)], { cwd: root, env });
    child.stdin.end();
    results.push(await ended(child));
    if (results.at(-1)?.exitCode !== 0) break;
    if (step.id) {
      for (const [key, value] of Object.entries(read(files.GITHUB_OUTPUT))) {
        contexts[`steps.${step.id}.outputs.${key}`] = value;
      }
    }
  }
  for (const [key, value] of Object.entries(filled(job.outputs))) {
    contexts[`needs.${name}.outputs.${key}`] = value;
  }
  const last = results.at(-1);
  return {
    exitCode: last?.exitCode,
    said: results.map(({ stdout, stderr }) => stdout + stderr).join(''),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
  };
}

const ledger = `select distinct actor, count(*)::int from spire.migrations where tag <> '0000_baseline' group by 1`;
const applied = async () =>
  (await practice.inside('spire_production', (client) => client.query(ledger))).rows;

it('a plan that the state has moved away from is refused', async () => {
  const planned = await runJob('plan');
  expect([planned.exitCode, planned.said]).toEqual([0, '']);
  expect(contexts['needs.plan.outputs.pending']).toBe('12');
  const { home } = practice;
  const first = ['-e', 'production', '--to', '0001_quarantine'];
  const { hash } = await home.json('migrate', 'plan', ...first);
  await home.spire(['migrate', 'up', ...first, '--confirm', `production:${hash}`]);
  const { exitCode, said } = await runJob('apply');
  expect(exitCode).toBe(3);
  expect(said).toMatch(/CONFIRMATION_REFUSED/);
  expect(await applied()).toMatchObject([{ count: 1 }]);
});

it('the plan is shown, and once it is approved exactly that is applied', async () => {
  const { summary } = await runJob('plan');
  const hash = contexts['needs.plan.outputs.hash'];
  expect(summary).toMatch(/^## Plan for production\n```sql\n0002_workflows\n/);
  expect(summary).toMatch(new RegExp(`\nplan {2}production:${hash}\n\`\`\`\n$`));
  const done = await runJob('apply');
  expect([done.exitCode, /^Applied.*/m.exec(done.said)?.[0]]).toEqual([0, 'Applied 11.']);
  expect(done.summary).toMatch(/production +up to date +0012_dfp_orders/);
  expect(await applied()).toContainEqual({ actor: 'octocat', count: 11 });
});

it('with nothing pending there is nothing to approve', async () => {
  await runJob('plan');
  expect(workflow.jobs.apply?.if).toBe("needs.plan.outputs.pending != '0'");
  expect(contexts['needs.plan.outputs.pending']).toBe('0');
});

it('no secret is printed', async () => {
  const { said, summary } = await runJob('plan');
  const token = contexts['secrets.PRODUCTION_VAULT_READ_TOKEN'] ?? '';
  expect(token.length).toBeGreaterThan(20);
  expect(said + summary).not.toContain(token);
});
