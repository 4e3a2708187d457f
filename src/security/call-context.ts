import type { TraceCarrier } from '../common/tracing/tracing.interface.js';
import type { RequestRef } from '../common/logging/request-ref.js';
import type { A2aClaims } from './principal.js';

/**
 * The caller, the tenant and the agent of a call. It is a required argument of each store method that a client can reach, and
 * every query filters by its owner, tenant and agent: rows of others do not exist for the caller.
 */
export interface CallContext {
  /** The principal; `anonymous` until a guard sets one. */
  readonly owner: string;
  /** '' = no tenant. */
  readonly tenant: string;
  /** The request names the tenant, and the principal has none. Evaluated when the call is admitted, and removed then. */
  readonly namesTenant?: boolean;
  /**
   * What the principal's claims say. While the request is served: all of them. In a turn that runs later: those that
   * `principal.keepClaims` names. undefined: there are none.
   */
  readonly claims?: A2aClaims;
  /** Id of the agent whose endpoint was called. */
  readonly agent: string;
  /** Major.Minor of the protocol that the caller speaks. */
  readonly protocolVersion: '0.3' | '1.0';
  /** URIs the caller asked to activate (A2A-Extensions). */
  readonly requestedExtensions: readonly string[];
  /** The trace of the request. Absent: there are no traces. */
  readonly trace?: TraceCarrier;
  /** The request of the call. Absent: `logContext` of the module is off, or the turn runs later than its request. */
  readonly request?: RequestRef;
}

/** The part of a CallContext that scopes stored rows. */
export type TaskScope = Pick<CallContext, 'owner' | 'tenant' | 'agent'>;

export const ANONYMOUS = 'anonymous';

/** True when a row of `scope` may be shown to `context`. */
export const sameScope = (scope: TaskScope, context: TaskScope): boolean =>
  scope.owner === context.owner && scope.tenant === context.tenant && scope.agent === context.agent;

/** Whether a guard identified the caller. A guard that sets the owner `anonymous` identifies no one. */
export const isAuthenticated = ({ owner }: Pick<CallContext, 'owner'>): boolean => owner !== ANONYMOUS;

/**
 * The key under which a call counts in limits: its owner, over all tenants. Anonymous callers share one owner, so they are
 * distinguished by address.
 */
export const callerKey = (owner: string | undefined, address: string | undefined): string =>
  owner === undefined || owner === ANONYMOUS ? `address ${address ?? ''}` : `owner ${owner}`;
