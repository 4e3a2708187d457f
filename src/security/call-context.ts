/**
 * Who calls, for which tenant, on which agent. It is a required argument of each store method that a client can reach,
 * and every query filters by its owner, tenant and agent: what is not yours is not there.
 */
export interface CallContext {
  /** The principal; `anonymous` until a guard sets one. */
  readonly owner: string;
  /** '' = no tenant. */
  readonly tenant: string;
  /** The request names the tenant, and the principal says nothing of it. Looked at when the call is admitted, and gone then. */
  readonly namesTenant?: boolean;
  /** Id of the agent whose endpoint was called. */
  readonly agent: string;
  /** Major.Minor of the protocol that the caller speaks. */
  readonly protocolVersion: '0.3' | '1.0';
  /** URIs the caller asked to activate (A2A-Extensions). */
  readonly requestedExtensions: readonly string[];
}

/** The part of a CallContext that scopes stored rows. */
export type TaskScope = Pick<CallContext, 'owner' | 'tenant' | 'agent'>;

export const ANONYMOUS = 'anonymous';

/** True when a row of `scope` may be shown to `context`. */
export const sameScope = (scope: TaskScope, context: TaskScope): boolean =>
  scope.owner === context.owner && scope.tenant === context.tenant && scope.agent === context.agent;

/** Whether a guard said who calls. A guard that names its caller `anonymous` has identified nobody. */
export const isAuthenticated = ({ owner }: Pick<CallContext, 'owner'>): boolean => owner !== ANONYMOUS;

/**
 * Whose share of the limits a call takes: that of its owner, over all tenants. Those whom nobody has identified share one owner, so
 * that they are told apart by their addresses.
 */
export const callerKey = (owner: string | undefined, address: string | undefined): string =>
  owner === undefined || owner === ANONYMOUS ? `address ${address ?? ''}` : `owner ${owner}`;
