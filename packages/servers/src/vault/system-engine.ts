import type { DatabaseWork } from './database-work.ts';
import type { Answer, Engine } from './engine.ts';
import { leaseRoutes } from './lease-routes.ts';
import { mountRoutes } from './mount-routes.ts';
import { policyRoutes } from './policy-routes.ts';
import { wrappingRoutes } from './wrapping-routes.ts';

/** The release of Vault whose behaviour is followed. */
const VERSION = '1.17.0';

/**
 * `sys`: the server itself, its mounts, its policies, its leases, and what it wrapped.
 *
 * @param clusterId who answers; another one after every start.
 */
export function systemEngine(clusterId: string, work: DatabaseWork): Engine {
  const cluster = { cluster_id: clusterId, cluster_name: `vault-cluster-${clusterId.slice(0, 8)}` };
  return {
    path: 'sys/',
    type: 'system',
    routes: [
      {
        pattern: /^health$/,
        open: true,
        read: ({ query, now }): Answer => ({
          // Always active: of the status codes that can be chosen, no other one applies.
          status: chosenStatus(query.get('activecode')),
          bare: true,
          data: {
            initialized: true,
            sealed: false,
            standby: false,
            performance_standby: false,
            replication_performance_mode: 'disabled',
            replication_dr_mode: 'disabled',
            server_time_utc: Math.floor(now / 1000),
            version: VERSION,
            enterprise: false,
            ...cluster,
          },
        }),
      },
      {
        pattern: /^seal-status$/,
        open: true,
        read: (): Answer => ({
          bare: true,
          data: {
            type: 'shamir',
            initialized: true,
            sealed: false,
            t: 1,
            n: 1,
            progress: 0,
            nonce: '',
            version: VERSION,
            migration: false,
            recovery_seal: false,
            storage_type: 'file',
            ...cluster,
          },
        }),
      },
      {
        pattern: /^init$/,
        open: true,
        read: (): Answer => ({ bare: true, data: { initialized: true } }),
      },
      ...mountRoutes(work),
      ...policyRoutes,
      ...wrappingRoutes,
      ...leaseRoutes(work),
    ],
  };
}

function chosenStatus(text: string | null): number {
  const status = Number(text);
  return Number.isInteger(status) && status >= 200 && status <= 599 ? status : 200;
}
