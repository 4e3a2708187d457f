import { unauthenticated } from '../../protocol/errors/index.js';
import { type A2aPrincipal, assertExpiry } from '../../security/principal.js';
import { fromHttpException } from '../http-exception.mapping.js';
import type { GrpcCall, GrpcSettings } from './grpc.options.js';

/** Who calls, as the application says; undefined when it lets everybody in. Rejects with A2AError. */
export async function authenticated(
  authenticate: GrpcSettings['authenticate'],
  call: GrpcCall,
): Promise<A2aPrincipal | undefined> {
  if (authenticate === 'anonymous') return undefined;
  let principal: A2aPrincipal | undefined;
  try {
    principal = await authenticate(call);
    if (principal) assertExpiry(principal);
  } catch (error) {
    throw fromHttpException(error).error;
  }
  // Who found nobody must not make its callers anonymous.
  if (typeof principal?.owner !== 'string' || principal.owner === '') throw unauthenticated('The caller is not known.');
  return principal;
}
