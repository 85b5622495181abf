import { refresh } from '../src/index.ts';
import { actor, openSide } from './open-side.ts';

// Refreshes one database from another and kills something at one step: itself, as a machine that loses its
// power, or the session of one side, as a server that restarts.

const { SOURCE = '', TARGET = '', KILL_AT = '', KILL = '' } = process.env;
const [source, target] = [await openSide('staging', SOURCE), await openSide('development', TARGET)];
const endAll = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`;
const outcome = await refresh(source, target, {
  actor,
  target: { environment: 'development' },
  jobs: 2,
  async onStep({ kind }) {
    if (kind !== KILL_AT) return;
    if (KILL === 'spire') process.kill(process.pid, 'SIGKILL');
    await (KILL === 'source' ? source : target).client.query(endAll);
  },
}).then(
  () => 'done',
  ({ code }) => String(code),
);
process.stdout.write(outcome);
process.exit();
