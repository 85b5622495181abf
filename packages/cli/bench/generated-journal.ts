import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const FIRST = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

/**
 * Writes migrations in drizzle's layout: each makes a table with keys, checks and an index, of about a
 * hundred in all, or adds a column to one.
 *
 * @param folder that is to be made.
 * @returns its address, as `migrationFiles` takes it.
 */
export function generateJournal(folder: string, count: number): URL {
  mkdirSync(join(folder, 'meta'), { recursive: true });
  const entries = Array.from({ length: count }, (_, idx) => ({
    idx,
    version: '7',
    when: FIRST + idx * MINUTE,
    tag: `${String(idx).padStart(4, '0')}_step`,
    breakpoints: true,
  }));
  for (const { idx, tag } of entries) writeFileSync(join(folder, `${tag}.sql`), migration(idx));
  const journal = { version: '7', dialect: 'postgresql', entries };
  writeFileSync(join(folder, 'meta', '_journal.json'), JSON.stringify(journal));
  return pathToFileURL(`${folder}/`);
}

function migration(index: number): string {
  if (index >= 100) {
    return `alter table part_${index % 100} add column extra_${index} text not null default '';\n`;
  }
  return `create table part_${index} (
  id uuid primary key default gen_random_uuid(),
  parent_id uuid${index === 0 ? '' : ` references part_${index - 1} (id) on delete cascade`},
  name varchar(100) not null,
  stage text not null,
  definition jsonb not null default '{}',
  amount numeric(10, 2),
  enabled boolean not null default false,
  created_at timestamptz not null default now(),
  constraint part_${index}_name_key unique (name),
  constraint part_${index}_stage_check check (stage in ('assembly', 'training', 'scoring'))
);
--> statement-breakpoint
create index part_${index}_created_idx on part_${index} (stage, created_at) where enabled;
`;
}
