import { capabilitiesRequests } from './capabilities.ts';
import { databaseRequests } from './database.ts';
import { kvRequests } from './kv.ts';
import { leaseRequests } from './leases.ts';
import { policiesRequests } from './policies.ts';
import type { ConformanceRequest } from './prepare.ts';
import type { DatabaseRequest } from './prepare-database.ts';
import { systemRequests } from './system.ts';
import { tokensRequests } from './tokens.ts';
import { wrappingRequests } from './wrapping.ts';

/**
 * What holds for HashiCorp's Vault, so that a server that passes can stand for one. Texts of errors
 * are compared where its documentation or all its releases have the same.
 */
export const conformance: readonly ConformanceRequest[] = [
  ...systemRequests,
  ...kvRequests,
  ...policiesRequests,
  ...capabilitiesRequests,
  ...tokensRequests,
  ...wrappingRequests,
];

/** The same for what needs a database. */
export const databaseConformance: readonly DatabaseRequest[] = [
  ...databaseRequests,
  ...leaseRequests,
];
