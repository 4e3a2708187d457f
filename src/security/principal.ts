/** Who a request was authenticated as. */
export interface A2aPrincipal {
  /** Owns what the request creates and sees nothing else. Not empty. */
  readonly owner: string;
  /** The only tenant this principal may name. Absent: the tenant is taken from the request. */
  readonly tenant?: string;
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
 * its callers anonymous.
 */
export function setA2aPrincipal(request: object, principal: A2aPrincipal): void {
  if (typeof principal.owner !== 'string' || principal.owner === '') {
    throw new TypeError(
      'setA2aPrincipal: owner must be a non-empty string; throw UnauthorizedException when there is no user.',
    );
  }
  (request as PrincipalCarrier).a2a = { ...principal };
}

/** What a guard set, on the adapter's request or (middleware on Fastify) on the raw one below it. */
export function a2aPrincipalOf(
  request: PrincipalCarrier & { readonly raw?: PrincipalCarrier },
): Partial<A2aPrincipal> | undefined {
  return request.a2a ?? request.raw?.a2a;
}
