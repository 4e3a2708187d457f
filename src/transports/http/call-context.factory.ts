import type { TraceCarrier } from '../../common/tracing/tracing.interface.js';
import { currentRequest } from '../../common/logging/log-context.js';
import { A2AError, invalidParams } from '../../protocol/errors/index.js';
import { ANONYMOUS, type CallContext } from '../../security/call-context.js';
import { a2aPrincipalOf } from '../../security/principal.js';
import { requestedExtensions } from '../extensions.js';
import type { PlatformRequest } from './platform.js';

export interface CallTarget {
  /** Id of the agent. */
  readonly agent: string;
  /** The tenant that the request names; undefined and '' are none. */
  readonly tenant?: string;
  readonly protocolVersion: CallContext['protocolVersion'];
  /** Of the call. */
  readonly trace?: TraceCarrier;
}

/**
 * The caller: the principal that a guard set with `setA2aPrincipal`, else `anonymous`.
 * @throws A2AError INVALID_PARAMS if the request names a tenant that is not the principal's; UNAUTHENTICATED if the principal's
 * owner is empty.
 */
export function callContext(
  request: PlatformRequest,
  { agent, tenant, protocolVersion, trace }: CallTarget,
): CallContext {
  const principal = a2aPrincipalOf(request);
  // A guard that found no user must not make its callers anonymous.
  if (principal?.owner === '') throw new A2AError('UNAUTHENTICATED', 'The caller could not be identified.');
  const sent = currentRequest();
  const named = tenant === '' ? undefined : tenant;
  if (principal?.tenant !== undefined && named !== undefined && named !== principal.tenant) {
    throw invalidParams([{ field: 'tenant', description: 'is not the tenant of the authenticated caller' }]);
  }
  return {
    owner: principal?.owner ?? ANONYMOUS,
    tenant: principal?.tenant ?? named ?? '',
    ...(principal?.tenant === undefined && named !== undefined && { namesTenant: true }),
    ...(principal?.claims && { claims: principal.claims }),
    agent,
    protocolVersion,
    requestedExtensions: requestedExtensions(request.headers),
    ...(trace && { trace }),
    ...(sent && { request: sent }),
  };
}
