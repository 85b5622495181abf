export { ServersError, type ServersErrorCode } from './errors.ts';
export { freePort } from './free-port.ts';
export { findPostgres, type StartPostgresOptions, startPostgres } from './postgres.ts';
export type { PostgresServer } from './postgres-server.ts';
