import type { ServerPairState, ServerState } from '../services/server-pair.ts';
import { table } from './table.ts';

/** A Postgres and its Vault, a line each. */
export function renderServers(state: ServerPairState): string {
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
