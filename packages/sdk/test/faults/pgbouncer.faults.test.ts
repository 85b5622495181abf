import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import * as faults from './pgbouncer.ts';
import { faultsOf } from './run-fault.ts';

const isMissing = spawnSync('pgbouncer', ['--version']).status !== 0;
if (isMissing) console.log('skipped: what is seen through PgBouncer, which is not installed');
const { alone, both } = faultsOf('pgbouncer', faults);

describe.skipIf(isMissing)('PgBouncer', () => {
  it('31: is told of: nothing is prepared, and limits hold in each transaction', async () => {
    const { spire, bare } = await both('told');
    expect(spire).toMatchObject({
      total: 200,
      failed: 0,
      facts: {
        write: 'READ_ONLY',
        writeInTransaction: 'READ_ONLY',
        limit: '1234ms',
        slow: 'QUERY_TIMEOUT',
      },
    });
    expect(bare.failed).toBeGreaterThan(0);
  });

  it('31: is not told of: statements that are prepared by name fail', async () => {
    const spire = await alone('untold');
    expect(spire.failed).toBeGreaterThan(0);
    expect(Object.keys(spire.codes)).toEqual(['QUERY_FAILED']);
  });
});
