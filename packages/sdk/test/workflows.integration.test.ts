import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SpireDBConnector, type WorkflowInput } from '../src/index.ts';
import { localEnvironment } from './local-environment.ts';

let local: Awaited<ReturnType<typeof localEnvironment>>;
let spire: SpireDBConnector;

beforeAll(async () => {
  local = await localEnvironment();
  spire = await SpireDBConnector.create({ environment: 'local', variables: local.variables });
  for (const stage of ['assembly', 'training']) {
    await spire.jobConfigs.create({
      name: `config-${stage}`,
      type: 'MLFlowProjectAssemblyJobConfig',
      definition: {
        uri: 'git+https://git.example.com/x',
        entry_point: 'main',
        experiment_id: '1',
        parameters: {},
      },
    });
  }
});

afterAll(async () => {
  await spire?.close();
  await local?.end();
});

const schedule = {
  logic: 'scheduled_stages' as const,
  args: {
    scoring: {
      logic: 'cron' as const,
      args: { cron_interval: '0 6 * * *', start_date: '2026-01-01' },
    },
  },
};
const dataset = {
  family: 'binary' as const,
  classes: {
    positive: {
      logic: 'matches_any' as const,
      args: { behaviors: [{ vendor: 'adobe', group: '1' }] },
    },
    negative: { logic: 'matches_any' as const, args: { behaviors: [{ vendor: 'adobe' }] } },
  },
  data_requirements: { logic: 'no_requirements' as const },
};

function whole(name: string, traitId: number): WorkflowInput {
  return {
    name,
    description: `About ${name}`,
    enabled: true,
    traitId,
    tags: ['one', 'two'],
    dataset,
    schedule,
    jobConfigs: { assembly: 'config-assembly' },
  };
}

async function count(table: string): Promise<number> {
  const { rows } = await spire.pool.query(`select count(*)::int as n from ${table}`);
  return rows[0].n;
}

describe('create', () => {
  it('writes a workflow with all its parts, and reads it back by id, name and trait', async () => {
    const made = await spire.workflows.create(whole('spire_test_1', 1));
    expect(made).toMatchObject({
      name: 'spire_test_1',
      enabled: true,
      isProxy: false,
      traitId: 1,
      tags: ['one', 'two'],
      dataset,
      schedule,
      jobConfigs: { assembly: 'config-assembly' },
    });
    expect(await spire.workflows.get(made.id)).toEqual(made);
    expect(await spire.workflows.getByName('spire_test_1')).toEqual(made);
    expect(await spire.workflows.getByTrait(1)).toEqual(made);
  });

  it.each([
    ['a duplicate name', whole('spire_test_1', 900), 'WORKFLOW_EXISTS', /name: local already has/],
    [
      'a duplicate trait',
      whole('spire_test_900', 1),
      'TRAIT_TAKEN',
      /another workflow in local has the trait 1/,
    ],
    [
      'a job config that is not there',
      { ...whole('spire_test_900', 900), jobConfigs: { training: 'nowhere' } },
      'JOB_CONFIG_NOT_FOUND',
      /jobConfigs/,
    ],
    ['a NUL in the name', whole('spire\u0000', 900), 'INVALID_INPUT', /^name: /],
    ['no name', { description: 'x' } as WorkflowInput, 'INVALID_INPUT', /^name: /],
    [
      'an unknown stage',
      {
        ...whole('spire_test_900', 900),
        jobConfigs: { cooking: 'config-assembly' },
      } as WorkflowInput,
      'INVALID_INPUT',
      /jobConfigs/,
    ],
  ])('refuses %s and leaves nothing half-written', async (_, input, code, message) => {
    const before = await Promise.all(['workflows', 'datasets', 'trait_workflows'].map(count));
    await expect(spire.workflows.create(input)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(await Promise.all(['workflows', 'datasets', 'trait_workflows'].map(count))).toEqual(
      before,
    );
  });

  it.each([
    'it\'s "quoted"; drop table workflows',
    'emoji \u{1F9EA}',
    '\u05d0\u05d1\u05d2 right to left',
  ])('keeps the name %j as it is', async (name) => {
    const made = await spire.workflows.create({ name, description: name });
    expect(await spire.workflows.getByName(name)).toEqual(made);
    await spire.workflows.delete(made.id);
  });
});

describe('update', () => {
  it('changes what is named, takes away what is null, and leaves the rest', async () => {
    const { id, ...made } = await spire.workflows.create(whole('spire_test_2', 2));
    const changed = await spire.workflows.update(id, {
      description: 'new',
      traitId: null,
      schedule: null,
      tags: ['three'],
      jobConfigs: { assembly: null, training: 'config-training' },
    });
    expect(changed).toEqual({
      ...made,
      id,
      description: 'new',
      traitId: null,
      schedule: null,
      tags: ['three'],
      jobConfigs: { training: 'config-training' },
      modifiedAt: changed.modifiedAt,
    });
    expect(changed.modifiedAt.getTime()).toBeGreaterThan(made.modifiedAt.getTime());
  });

  it('replaces a dataset without leaving the old one behind', async () => {
    const { id } = await spire.workflows.getByName('spire_test_2');
    const before = await count('datasets');
    await spire.workflows.update(id, { dataset: { ...dataset, note: 'second' } });
    expect(await count('datasets')).toBe(before);
    await spire.workflows.update(id, { dataset: null });
    expect(await count('datasets')).toBe(before - 1);
  });

  it('enables and disables', async () => {
    const { id } = await spire.workflows.getByName('spire_test_2');
    expect((await spire.workflows.disable(id)).enabled).toBe(false);
    expect((await spire.workflows.enable(id)).enabled).toBe(true);
  });

  it.each([
    ['not-a-uuid', 'INVALID_INPUT'],
    ['00000000-0000-4000-8000-000000000000', 'WORKFLOW_NOT_FOUND'],
  ])('refuses the id %s', async (id, code) => {
    await expect(spire.workflows.update(id, { description: 'x' })).rejects.toMatchObject({ code });
    await expect(spire.workflows.get(id)).rejects.toMatchObject({ code });
    await expect(spire.workflows.delete(id)).rejects.toMatchObject({ code });
  });
});

describe('list', () => {
  beforeAll(async () => {
    for (let index = 0; index < 7; index += 1) {
      await spire.workflows.create({
        name: `spire_paged_${index}`,
        description: index === 3 ? 'The Odd One' : 'even',
        enabled: index % 2 === 0,
        tags: index < 2 ? ['few'] : [],
      });
    }
  });

  it('goes through all pages without a gap or a double', async () => {
    const names: string[] = [];
    let after: string | undefined;
    do {
      const page = await spire.workflows.list({ vendor: 'paged', limit: 3, after });
      names.push(...page.workflows.map((one) => one.name));
      after = page.next;
    } while (after);
    expect(names).toEqual([0, 1, 2, 3, 4, 5, 6].map((index) => `spire_paged_${index}`));
  });

  it.each([
    [{ enabled: true }, ['0', '2', '4', '6']],
    [{ enabled: false }, ['1', '3', '5']],
    [{ tag: 'few' }, ['0', '1']],
    [{ search: 'odd one' }, ['3']],
    [{ jobConfig: 'config-assembly' }, []],
  ])('filters by %j', async (filter, expected) => {
    const { workflows } = await spire.workflows.list({ vendor: 'paged', ...filter });
    expect(workflows.map(({ name }) => name.split('_')[2])).toEqual(expected);
  });

  it('refuses a page of 501', async () => {
    await expect(spire.workflows.list({ limit: 501 })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});

describe('delete', () => {
  it('removes the workflow with its parts and its history', async () => {
    const { id } = await spire.workflows.create(whole('spire_test_3', 3));
    await spire.history.record({
      workflowId: id,
      stage: 'training',
      argDate: '2026-01-01',
      status: 'success',
    });
    const runs = await count('history');
    const sets = await count('datasets');
    expect(await spire.workflows.delete(id)).toMatchObject({ name: 'spire_test_3', traitId: 3 });
    await expect(spire.workflows.get(id)).rejects.toMatchObject({ code: 'WORKFLOW_NOT_FOUND' });
    expect(await count('history')).toBe(runs - 1);
    expect(await count('datasets')).toBe(sets - 1);
  });
});
