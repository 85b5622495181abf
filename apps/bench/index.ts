import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareAllocations } from './allocations.ts';
import { openBenchDatabase } from './bench-database.ts';
import { compareDrivers } from './compare-drivers.ts';
import { sdkStatements } from './statements.ts';

// The SDK beside the drivers and builders that it could be replaced by, in one run.

const folder = mkdtempSync(join(tmpdir(), 'spire-bench-'));
try {
  await using database = await openBenchDatabase(folder);
  const { url, variables } = database;
  const statements = await sdkStatements(variables);
  const target = { url, variables, statements };
  await compareDrivers(target);
  await compareAllocations(target);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
