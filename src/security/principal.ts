/** Who a request was authenticated as. */
export interface A2aPrincipal {
  /** Owns what the request creates and sees nothing else. Not empty. Limits and fairness count it over all tenants. */
  readonly owner: string;
  /** The only tenant this principal may name. Absent: it may name those that `tenants.resolve` lets it, and the declared one. */
  readonly tenant?: string;
  /**
   * When the credentials of this call end: an event stream ends then too, and its client comes back with new ones. Absent: streams
   * outlive the credentials they were opened with.
   */
  readonly expiresAt?: Date;
}

/** A request after a guard: `request.a2a` is where the transports look. */
export interface PrincipalCarrier {
  a2a?: Partial<A2aPrincipal>;
}

/**
 * Tells the server who calls. For guards and middleware, with the request of either HTTP adapter:
 * `setA2aPrincipal(context.switchToHttp().getRequest(), { owner: user.id })`. Without it the owner is `anonymous`.
 *
 * @throws TypeError when the owner is not a text with something in it: a guard that failed to find a user must not make
 * its callers anonymous. And when `expiresAt` is not a valid Date: a token's "exp" is in seconds, `new Date(exp * 1000)`.
 */
export function setA2aPrincipal(request: object, principal: A2aPrincipal): void {
  if (typeof principal.owner !== 'string' || principal.owner === '') {
    throw new TypeError(
      'setA2aPrincipal: owner must be a non-empty string; throw UnauthorizedException when there is no user.',
    );
  }
  assertExpiry(principal);
  (request as PrincipalCarrier).a2a = { ...principal };
}

/** @throws TypeError unless `expiresAt` is absent or a valid Date. */
export function assertExpiry({ expiresAt }: Partial<A2aPrincipal>): void {
  if (expiresAt === undefined || (expiresAt instanceof Date && !Number.isNaN(expiresAt.getTime()))) return;
  throw new TypeError('The expiresAt of a principal must be a valid Date, such as new Date(token.exp * 1000).');
}

/** What a guard set, on the adapter's request or (middleware on Fastify) on the raw one below it. */
export function a2aPrincipalOf(
  request: PrincipalCarrier & { readonly raw?: PrincipalCarrier },
): Partial<A2aPrincipal> | undefined {
  return request.a2a ?? request.raw?.a2a;
}
