import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { expect, test } from 'vitest';
import { migrationFiles } from './migration-files.ts';

test('drizzle reads the same files, hashes and times', () => {
  const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url));
  const drizzle = readMigrationFiles({ migrationsFolder });
  expect(migrationFiles().map(({ hash, createdAt }) => ({ hash, createdAt }))).toEqual(
    drizzle.map(({ hash, folderMillis }) => ({ hash, createdAt: folderMillis })),
  );
});

test('a migration is its tag, its place, its content and its statements', () => {
  const files = migrationFiles();
  expect(files.map(({ index }) => index)).toEqual(files.map((_, place) => place));
  expect(files[0]?.tag).toBe('0000_baseline');
  for (const { sql, hash, statements } of files) {
    expect(hash).toBe(createHash('sha256').update(sql).digest('hex'));
    for (const statement of statements) expect(statement).toMatch(/;$/);
  }
});
