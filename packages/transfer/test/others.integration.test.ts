import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type OthersStep,
  planUndo,
  refresh,
  type TransferStep,
  undoTransfer,
} from '../src/index.ts';
import { requireAlone } from '../src/require-alone.ts';
import { contentOf } from './content-of.ts';
import { actor, type TestSide } from './open-side.ts';
import { useSides } from './two-databases.ts';

const sides = useSides('others');
const options = { actor, target: { environment: 'development' }, jobs: 2 };
const open: pg.Client[] = [];

let source: TestSide;
let target: TestSide;
beforeAll(async () => {
  source = await sides.modern('staging');
  target = await sides.modern('development');
});
afterAll(() => Promise.all(open.map((client) => client.end().catch(() => {}))));

/** Somebody else, who has the user and the name of the transfer's own sessions. */
async function enter(): Promise<pg.Client> {
  const other = new pg.Client({ connectionString: target.url, application_name: 'transfer test' });
  other.on('error', () => {});
  await other.connect();
  open.push(other);
  return other;
}

it('are listed, and nothing begins', async () => {
  const other = await enter();
  const before = await contentOf(target.client);
  await expect(refresh(source, target, options)).rejects.toMatchObject({
    code: 'TARGET_IN_USE',
    message: expect.stringMatching(/^Others work in development: .*transfer test, pid \d+, idle/),
  });
  expect(await contentOf(target.client)).toEqual(before);
  await other.end();
});

it('are waited for', async () => {
  const other = await enter();
  const waited: TransferStep[] = [];
  const onStep = (step: TransferStep) => {
    if (step.kind !== 'waiting') return;
    waited.push(step);
    void other.end();
  };
  await refresh(source, target, { ...options, others: 'wait', onStep });
  expect(waited).toHaveLength(1);
});

it('are waited for until that is broken off', async () => {
  const other = await enter();
  const controller = new AbortController();
  const reason = new Error('enough');
  const onStep = ({ kind }: TransferStep) => kind === 'waiting' && controller.abort(reason);
  await expect(
    refresh(source, target, { ...options, others: 'wait', onStep, signal: controller.signal }),
  ).rejects.toBe(reason);
  await other.end();
});

it('are ended, which is told', async () => {
  const other = await enter();
  const ended = new Promise((resolve) => other.once('error', resolve));
  const told: TransferStep[] = [];
  const onStep = (step: TransferStep) => step.kind === 'ended' && told.push(step);
  await refresh(source, target, { ...options, others: 'terminate', onStep });
  await ended;
  expect(told).toMatchObject([{ others: [{ application: 'transfer test' }] }]);
});

it('are ended for some seconds when they come back, and then listed', async () => {
  let comes = true;
  let times = 0;
  const come = async (): Promise<void> => {
    const other = await enter();
    times += 1;
    other.once('end', () => comes && come());
  };
  await come();
  const before = await contentOf(target.client);
  await expect(refresh(source, target, { ...options, others: 'terminate' })).rejects.toMatchObject({
    code: 'TARGET_IN_USE',
    message: expect.stringMatching(
      /^Others come back to development\. \d+ sessions were ended within 5 s, and there are: .*transfer test/,
    ),
  });
  expect(times).toBeGreaterThan(3);
  comes = false;
  await open.at(-1)?.end();
  expect(await contentOf(target.client)).toEqual(before);
});

it('whom this role may not end are named', async () => {
  const role = `others_${process.pid}`;
  const other = await enter();
  await target.client.query(`create role ${role}; set role ${role}`);
  const told: OthersStep[] = [];
  const onStep = (step: OthersStep) => told.push(step);
  const alone = requireAlone(target.client, [], 'development', { others: 'terminate', onStep });
  await expect(alone).rejects.toMatchObject({
    code: 'SESSION_DENIED',
    message: expect.stringMatching(
      /^In development this role may not end .*pid \d+.*No session was ended\.$/,
    ),
  });
  expect(told).toEqual([]);
  await target.client.query(`reset role; drop role ${role}`);
  expect((await other.query('select 1 as here')).rows).toEqual([{ here: 1 }]);
  await other.end();
});

it('are in the way of the undo as well', async () => {
  await refresh(source, target, options);
  const receipt = await planUndo(target.client, 'development');
  const other = await enter();
  await expect(undoTransfer(target.client, 'development', receipt)).rejects.toMatchObject({
    code: 'TARGET_IN_USE',
  });
  const ended = new Promise((resolve) => other.once('error', resolve));
  await undoTransfer(target.client, 'development', receipt, { others: 'terminate' });
  await ended;
});
