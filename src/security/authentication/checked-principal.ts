import { ANONYMOUS } from '../call-context.js';
import { type A2aPrincipal, assertClaims, assertExpiry } from '../principal.js';

/** Bytes of an owner or a tenant, which are keys in the storage. */
const MAX_ID_BYTES = 512;

/**
 * The problem of what an authenticator returned; undefined if a caller may have this name. Nobody is authenticated as `anonymous`.
 * @throws TypeError for an expiry or claims that are none: the authenticator is wrong, not the caller.
 */
export function principalProblem(principal: A2aPrincipal): string | undefined {
  assertExpiry(principal);
  assertClaims(principal);
  const { owner, tenant, expiresAt } = principal;
  if (!isId(owner) || owner === ANONYMOUS) return 'The credentials do not name a caller.';
  if (tenant !== undefined && !isId(tenant)) return 'The credentials name no valid tenant.';
  return expiresAt !== undefined && expiresAt.getTime() <= Date.now() ? 'The credentials have expired.' : undefined;
}

const isId = (value: unknown): value is string =>
  typeof value === 'string' &&
  value !== '' &&
  !value.includes('\0') &&
  value.isWellFormed() &&
  Buffer.byteLength(value) <= MAX_ID_BYTES;
