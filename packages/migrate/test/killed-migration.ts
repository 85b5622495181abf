import { parseMigration } from '@spire/schema';
import pg from 'pg';
import { applyMigrations } from '../src/index.ts';

// Applies the migrations it is given and kills itself at one step, as a machine that loses its power.

const { DATABASE = '', KILL_AT = '', MIGRATIONS = '[]' } = process.env;
const files = (JSON.parse(MIGRATIONS) as string[]).map((sql, index) =>
  parseMigration({ tag: `000${index}_x`, index, createdAt: 1000 + index }, sql),
);
const client = new pg.Client({ connectionString: DATABASE });
await client.connect();
await applyMigrations(client, {
  actor: { name: 'test', toolVersion: '0' },
  files,
  onStep: (step) => {
    const place = [step.kind, ...('file' in step ? [step.file.tag] : [])];
    if ('index' in step) place.push(String(step.index));
    if (place.join(' ') === KILL_AT) process.kill(process.pid, 'SIGKILL');
  },
});
await client.end();
