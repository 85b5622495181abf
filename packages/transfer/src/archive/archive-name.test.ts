import { expect, it } from 'vitest';
import { archiveName, readArchiveName } from './archive-name.ts';

it('an archive’s name says what it is of', () => {
  const moment = new Date('2026-11-28T08:00:00.789Z');
  const name = archiveName('my-staging', moment, true);
  expect(name).toBe('my-staging-20261128T080000Z.tar.zst.age');
  expect(readArchiveName(name)).toEqual({
    environment: 'my-staging',
    takenAt: new Date('2026-11-28T08:00:00Z'),
  });
  expect(readArchiveName('other.tar.zst')).toBeUndefined();
  expect(readArchiveName('x-20269928T080000Z.tar.zst')).toBeUndefined();
});
