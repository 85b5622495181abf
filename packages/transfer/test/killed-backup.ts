import { backUp } from '../src/archive/back-up.ts';
import { openSide } from './open-side.ts';

// Backs up and kills itself on the way, as a machine that loses its power.

const { DATABASE = '', FILE = '' } = process.env;
const { sessions } = await openSide('staging', DATABASE);
await backUp(sessions, FILE, {
  environment: 'staging',
  protected: false,
  madeBy: 'spire test',
  onStep: ({ table }) => {
    if (table.name === 'referring') process.kill(process.pid, 'SIGKILL');
  },
});
