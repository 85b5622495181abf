import type { LocalState, ServerState } from '../services/local-environment.ts';
import { table } from './table.ts';

/** The local servers, a line each. */
export function renderLocal(state: LocalState): string {
  const row = (name: string, server: ServerState) => [
    name,
    server.running ? 'running' : 'stopped',
    server.port,
    server.pid,
  ];
  return table(
    ['server', 'state', 'port', 'pid'],
    [row('Postgres', state.postgres), row('Vault', state.vault)],
  );
}
