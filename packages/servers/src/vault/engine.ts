import type { AccessRules } from './access-rules.ts';
import type { JsonObject } from './fields.ts';
import type { Token, VaultState } from './state.ts';

/** What is asked for. `PUT` and `POST` are both `update`, which policies may see as `create`. */
export type Operation = 'read' | 'list' | 'update' | 'patch' | 'delete';

/** Who asks, and what that token may do. */
export interface Caller {
  readonly token: Token;
  readonly rules: AccessRules;
}

/** A request on its way to a handler. */
export interface Call {
  readonly operation: Operation;
  /** The whole path, without `/v1/`. */
  readonly path: string;
  /** What the groups of the route's pattern matched. */
  readonly captures: readonly string[];
  readonly body: JsonObject;
  readonly query: URLSearchParams;
  /** Undefined only where a route is open. */
  readonly caller: Caller | undefined;
  /** The token that came with the request, whether it lives or not. */
  readonly token: string | undefined;
  /** Seconds for which the answer is asked to be wrapped; 0: not at all. */
  readonly wrapTtl: number;
  readonly state: VaultState;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What a handler answers, where it has something to say. */
export interface Answer {
  /** Default: 200. */
  readonly status?: number;
  readonly data?: JsonObject;
  readonly auth?: JsonObject;
  readonly warnings?: readonly string[];
  /** Seconds. Default: 0. */
  readonly leaseDuration?: number;
  /** What ends, and has to be renewed. */
  readonly lease?: { readonly id: string; readonly seconds: number; readonly renewable: boolean };
  /** What is told of an answer that was wrapped. */
  readonly wrapInfo?: JsonObject;
  /** What this brought to an end is to be gone before it is answered. */
  readonly settle?: true;
  /** The body is the data alone, without Vault's envelope. */
  readonly bare?: true;
}

/**
 * Undefined is 404 to a question and 204 to an order. What it changes before it waits for something is
 * kept whole or not at all; after that it asks the storage for the state anew.
 */
export type Handler = (call: Call) => Answer | undefined | Promise<Answer | undefined>;

/** A family of paths and what can be done there. */
export interface Route extends Readonly<Partial<Record<Operation, Handler>>> {
  /** Matched against the path below the engine's. */
  readonly pattern: RegExp;
  /** Answers without a token. */
  readonly open?: true;
  /** For those alone whose policies give `sudo` at the path too. */
  readonly sudo?: true;
  /** Whether there is already something to update; where a route can't tell, there always is. */
  readonly exists?: (call: Call) => boolean;
}

/** What answers for all paths below its own. */
export interface Engine {
  readonly path: string;
  readonly type: string;
  readonly routes: readonly Route[];
}
