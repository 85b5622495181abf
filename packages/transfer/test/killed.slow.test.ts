import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { refresh } from '../src/index.ts';
import { contentOf } from './content-of.ts';
import { actor } from './open-side.ts';
import { insertSampleRows } from './sample-rows.ts';
import { useSides } from './two-databases.ts';

const sides = useSides('killed_transfer');

const POINTS = ['prepared', 'copying', 'copied', 'filled', 'swapping', 'swapped'];
const HARMED = ['spire', 'source', 'target', 'source connection', 'target connection'];
const CASES = [
  ...POINTS.flatMap((point) => HARMED.map((who): [string, string] => [who, point])),
  ['target connection', 'commit'],
  ['target connection', 'committed'],
  ['source silence', 'copying'],
  ['target silence', 'copying'],
  ['target silence', 'filled'],
  ['target silence', 'commit'],
  ['target silence', 'committed'],
] as const;

/** The source isn't needed any more once all of it has come. */
function outcomeOf(who: string, point: string): RegExp {
  if (who === 'spire') return /^$/;
  if (point.startsWith('commit')) return /^OUTCOME_UNKNOWN: /;
  if (who.endsWith('silence')) return /^BROKEN_OFF: /;
  const last = who.startsWith('source') ? 'filled' : 'swapped';
  return POINTS.indexOf(point) < POINTS.indexOf(last) ? /^COPY_FAILED: / : /^done$/;
}

test.each(CASES)(
  '%s harmed at "%s": the target is as it was or complete, and a rerun cleans up',
  async (who, point) => {
    const [source, target] = [await sides.modern('staging'), await sides.modern('development')];
    await insertSampleRows(source.client, 6);
    await insertSampleRows(target.client, 3);
    const before = await contentOf(target.client);
    const child = spawn(process.execPath, [join(import.meta.dirname, 'killed-transfer.ts')], {
      env: {
        ...process.env,
        SOURCE: source.url,
        TARGET: target.url,
        LOOKING: target.own.join(),
        KILL_AT: point,
        KILL: who,
        SPIRE_MASK_SECRET: 'x',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [outcome, [, signal]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    expect(signal).toBe(who === 'spire' ? 'SIGKILL' : null);
    expect(outcome).toMatch(outcomeOf(who, point));

    // It is had once Postgres has seen the session's end.
    const [again, to] = [await sides.reopened(source), await sides.reopened(target)];
    const look = to.client;
    await look.query('select pg_advisory_lock(495807197797); select pg_advisory_unlock_all()');
    const complete = ['swapped', 'committed'].includes(point) || outcome === 'done';
    const { rows } = await look.query('select count(*)::int as workflows from workflows');
    expect(rows).toEqual([{ workflows: complete ? 6 : 3 }]);
    if (!complete) expect(await contentOf(look)).toEqual(before);

    await refresh(again, to, { actor, target: { environment: 'development' } });
    const left = await to.client.query(
      `select nspname from pg_namespace where nspname ~ '^spire_' order by 1`,
    );
    expect(left.rows.map(({ nspname }) => nspname)).toEqual([
      'spire_previous',
      'spire_previous_ledgers',
    ]);
  },
  60_000,
);
