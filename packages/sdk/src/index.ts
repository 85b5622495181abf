/**
 * The way from an environment's name to its data.
 *
 * @module connector
 */

export type { ServiceAuth } from '@spire/access';
export type {
  ConnectorEvent,
  CredentialEvent,
  QueryEvent,
  RemoveEvent,
} from './channels.ts';
export type { Pooler, PoolOptions } from './connect-pool.ts';
export {
  type Rotation,
  SpireDBConnector,
  type SpireDBConnectorOptions,
  type SpireTransaction,
} from './connector.ts';
export type { Database } from './database.ts';
export { SpireDBError, type SpireDBErrorDetails, type SpireErrorCode } from './errors.ts';
export type { ConnectorState, HealthReport } from './health.ts';
export type {
  HistoryFilter,
  HistoryInput,
  HistoryLog,
  HistoryPage,
  LatestFilter,
  NamedRun,
} from './history.ts';
export type {
  JobConfigFilter,
  JobConfigInput,
  JobConfigPage,
  JobConfigPatch,
  JobConfigs,
} from './job-configs.ts';
export { toSpireError } from './postgres-error.ts';
export type { CloseReport, PoolStats } from './spire-pool.ts';
export type { TransactionOptions } from './transaction.ts';
export { withConnector } from './with-connector.ts';
export type { WorkflowDetails, WorkflowSummary } from './workflow-columns.ts';
export type {
  WorkflowFilter,
  WorkflowInput,
  WorkflowPage,
  WorkflowPatch,
  Workflows,
} from './workflows.ts';
