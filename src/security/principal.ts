import { isObject } from '../common/is-object.js';

/**
 * What is known of a caller besides its name. Plain JSON. `scopes` are compared with those that the card's security requirements
 * name; all other names are yours.
 *
 * @example { scopes: ['tasks:write'], roles: ['approver'], department: 'claims' }
 */
export interface A2aClaims {
  readonly scopes?: readonly string[];
  readonly roles?: readonly string[];
  readonly [name: string]: unknown;
}

/** Who a request was authenticated as. */
export interface A2aPrincipal {
  /** Owns what the request creates and sees nothing else. Not empty. Limits and fairness count it over all tenants. */
  readonly owner: string;
  /**
   * The only tenant that this principal may name. Absent: it may name those that `tenants.resolve` allows, and the declared one.
   */
  readonly tenant?: string;
  /**
   * For guards of agents and `context.caller`. A turn that runs later, from the queue, as a follow-up or after a crash, has only
   * those that `principal.keepClaims` of the module names. Default: none.
   */
  readonly claims?: A2aClaims;
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
 * its callers anonymous. When `expiresAt` is not a valid Date: a token's "exp" is in seconds, `new Date(exp * 1000)`. And when
 * `claims` is not an object, or its `scopes` are not strings.
 */
export function setA2aPrincipal(request: object, principal: A2aPrincipal): void {
  if (typeof principal.owner !== 'string' || principal.owner === '') {
    throw new TypeError(
      'setA2aPrincipal: owner must be a non-empty string; throw UnauthorizedException when there is no user.',
    );
  }
  assertExpiry(principal);
  assertClaims(principal);
  (request as PrincipalCarrier).a2a = { ...principal };
}

/** @throws TypeError unless `expiresAt` is absent or a valid Date. */
export function assertExpiry({ expiresAt }: Partial<A2aPrincipal>): void {
  if (expiresAt === undefined || (expiresAt instanceof Date && !Number.isNaN(expiresAt.getTime()))) return;
  throw new TypeError('The expiresAt of a principal must be a valid Date, such as new Date(token.exp * 1000).');
}

/** @throws TypeError unless `claims` is absent or an object whose `scopes`, if any, are strings. */
export function assertClaims({ claims }: Partial<A2aPrincipal>): void {
  if (claims === undefined) return;
  if (!isObject(claims))
    throw new TypeError("The claims of a principal must be an object, such as { roles: ['reader'] }.");
  const { scopes } = claims as { readonly scopes?: unknown };
  if (scopes === undefined || (Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string'))) return;
  throw new TypeError("The claims.scopes of a principal must be an array of strings, such as token.scope.split(' ').");
}

/** The principal that a guard set, on the adapter's request or (middleware on Fastify) on the raw one. */
export function a2aPrincipalOf(
  request: PrincipalCarrier & { readonly raw?: PrincipalCarrier },
): Partial<A2aPrincipal> | undefined {
  return request.a2a ?? request.raw?.a2a;
}
