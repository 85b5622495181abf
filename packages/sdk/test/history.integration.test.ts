import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HistoryInput, SpireDBConnector } from '../src/index.ts';
import { localEnvironment } from './local-environment.ts';

let local: Awaited<ReturnType<typeof localEnvironment>>;
let spire: SpireDBConnector;
let first: string;
let second: string;

beforeAll(async () => {
  local = await localEnvironment();
  spire = await SpireDBConnector.create({ environment: 'local', variables: local.variables });
  first = (await spire.workflows.create({ name: 'spire_h_1', description: '' })).id;
  second = (await spire.workflows.create({ name: 'spire_h_2', description: '' })).id;
  for (const [workflowId, day, status] of [
    [first, 1, 'success'],
    [first, 2, 'failed'],
    [first, 3, 'success'],
    [second, 2, 'failed'],
  ] as const) {
    await spire.history.record({
      workflowId,
      stage: 'training',
      argDate: `2026-03-0${day}`,
      executionDate: `2026-03-0${day}T06:00:00Z`,
      status,
    });
  }
});

afterAll(async () => {
  await spire?.close();
  await local?.end();
});

describe('record', () => {
  it('brings an earlier record up to date by its id', async () => {
    const run = {
      workflowId: second,
      stage: 'scoring',
      argDate: '2026-03-05',
      executionDate: '2026-03-05T06:00:00Z',
    } as const;
    const begun = await spire.history.record({ ...run, status: 'running' });
    const ended = await spire.history.record({
      ...run,
      id: begun.id,
      status: 'success',
      stats: { rows: 3 },
    });
    expect(ended).toMatchObject({ id: begun.id, status: 'success', stats: { rows: 3 } });
    const { runs } = await spire.history.list({ workflowId: second, stage: 'scoring' });
    expect(runs.map((one) => one.status)).toEqual(['success']);
  });

  it('leaves a run of another workflow, stage or day as it is', async () => {
    const run = { stage: 'scoring', argDate: '2026-04-01', status: 'success' } as const;
    const { id } = await spire.history.record({ ...run, workflowId: first });
    for (const other of [
      { workflowId: second },
      { stage: 'training' },
      { argDate: '2026-04-02' },
    ] as const) {
      const mistaken = { ...run, workflowId: first, id, status: 'failed', ...other } as const;
      await expect(spire.history.record(mistaken)).rejects.toMatchObject({ code: 'RUN_MISMATCH' });
    }
    const { runs } = await spire.history.list({ argDate: '2026-04-01' });
    expect(runs).toMatchObject([{ id, workflowId: first, stage: 'scoring', status: 'success' }]);
    await spire.pool.query('delete from history where id = $1', [id]);
  });

  it.each([
    [{ stage: 'cooking' }, 'INVALID_INPUT', /stage/],
    [{ argDate: '2026-02-30' }, 'INVALID_INPUT', /argDate/],
    [{ status: 'fine' }, 'INVALID_INPUT', /status/],
    [{ workflowId: 'x' }, 'INVALID_INPUT', /workflowId/],
    [{ workflowId: '00000000-0000-4000-8000-000000000000' }, 'WORKFLOW_NOT_FOUND', /workflow/],
  ])('refuses %j', async (wrong, code, message) => {
    const run = {
      workflowId: first,
      stage: 'training',
      argDate: '2026-01-01',
      status: 'success',
      ...wrong,
    };
    await expect(spire.history.record(run as HistoryInput)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});

describe('list', () => {
  it('goes through all pages, newest first', async () => {
    const days: unknown[] = [];
    let after: string | undefined;
    do {
      const page = await spire.history.list({ stage: 'training', limit: 1, after });
      days.push(...page.runs.map((run) => [run.workflowName, run.argDate]));
      after = page.next;
    } while (after);
    expect(days).toHaveLength(4);
    expect(days[0]).toEqual(['spire_h_1', '2026-03-03']);
    expect(days[3]).toEqual(['spire_h_1', '2026-03-01']);
    expect(new Set(days.map(String)).size).toBe(4);
  });

  it('finds all failures on a date', async () => {
    const { runs } = await spire.history.list({ status: 'failed', argDate: '2026-03-02' });
    expect(runs.map((run) => run.workflowName).sort()).toEqual(['spire_h_1', 'spire_h_2']);
  });

  it('refuses a cursor of its own making', async () => {
    await expect(spire.history.list({ after: 'nonsense' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});

describe('latest', () => {
  it('is one run for each workflow and stage', async () => {
    const runs = await spire.history.latest({ stage: 'training' });
    expect(runs.map((run) => [run.workflowName, run.argDate])).toEqual([
      ['spire_h_1', '2026-03-03'],
      ['spire_h_2', '2026-03-02'],
    ]);
  });

  it('goes by the date, and by what was known at a moment', async () => {
    const onDate = await spire.history.latest({ argDate: '2026-03-02', workflowId: first });
    expect(onDate.map((run) => run.status)).toEqual(['failed']);
    const then = await spire.history.latest({ asOf: new Date('2026-03-01T12:00:00Z') });
    expect(then.map((run) => [run.workflowName, run.argDate])).toEqual([
      ['spire_h_1', '2026-03-01'],
    ]);
  });
});
