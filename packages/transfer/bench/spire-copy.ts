import pg from 'pg';
import { fillIncoming } from '../src/fill-incoming.ts';
import { refresh } from '../src/refresh.ts';
import { replaceTables } from '../src/replace-tables.ts';
import { openSnapshot } from '../src/snapshot.ts';
import { readStructure } from '../src/structure.ts';
import { withTarget } from '../src/target-sessions.ts';

// A process of its own, as the command is: its time and its memory are Spire's alone.
// Called with `masked` or `plain` and the number of jobs; says how much memory it had at most, in bytes.

const [kind, jobCount] = process.argv.slice(2);
const jobs = Number(jobCount);
const actor = { name: 'bench', toolVersion: '0' };
const sideOf = (environment: string, url: string | undefined) => ({
  environment,
  sessions: new pg.Pool({
    connectionString: url,
    max: jobs + 1,
    application_name: 'spire bench',
  }),
});
const source = sideOf('staging', process.env.SOURCE_URL);
const target = sideOf('development', process.env.TARGET_URL);

if (kind === 'masked') {
  await refresh(source, target, {
    actor,
    jobs,
    others: 'wait',
    target: { environment: 'development' },
  });
} else {
  await copyPlain();
}
await Promise.all([source.sessions.end(), target.sessions.end()]);
console.log(process.resourceUsage().maxRSS * 1024);

/** The same without masks, which Spire offers nobody: what they cost is the difference. */
async function copyPlain(): Promise<void> {
  await using snapshot = await openSnapshot(source.sessions);
  const tables = await readStructure(snapshot.session);
  await withTarget(target, undefined, (sessions) => {
    const fill = () =>
      fillIncoming(snapshot, sessions, tables, {
        select: ({ quoted, columns }) =>
          `select ${columns.map((column) => column.quoted).join(', ')} from public.${quoted}`,
        prepare: async () => {},
        format: 'binary',
        jobs,
      });
    return replaceTables(
      sessions,
      target.environment,
      { kind: 'refresh', source: source.environment, replaced: 'tables', tables, fill },
      { actor, others: 'wait' },
    );
  });
}
