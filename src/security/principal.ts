/** Who a request was authenticated as. */
export interface A2aPrincipal {
  /** Owns what the request creates and sees nothing else. Not empty. Limits and fairness count it over all tenants. */
  readonly owner: string;
  /**
   * The only tenant that this principal may name. Absent: it may name those that `tenants.resolve` allows, and the declared one.
   */
  readonly tenant?: string;
  /**
   * When the credentials of this call expire: an event stream ends then too, and its client reconnects with new ones. Absent:
   * streams outlive their credentials.
   */
  readonly expiresAt?: Date;
}

/** A request after a guard: the transports read `request.a2a`. */
export interface PrincipalCarrier {
  a2a?: Partial<A2aPrincipal>;
}

/**
 * Tells the server who calls. For guards and middleware, with the request of either HTTP adapter:
 * `setA2aPrincipal(context.switchToHttp().getRequest(), { owner: user.id })`. Without it the owner is `anonymous`.
 *
 * @throws TypeError when the owner is not a non-empty string: a guard that failed to find a user must not make
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

/** The principal that a guard set, on the adapter's request or (middleware on Fastify) on the raw one. */
export function a2aPrincipalOf(
  request: PrincipalCarrier & { readonly raw?: PrincipalCarrier },
): Partial<A2aPrincipal> | undefined {
  return request.a2a ?? request.raw?.a2a;
}
