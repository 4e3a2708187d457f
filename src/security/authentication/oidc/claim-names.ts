import { isObject } from '../../../common/is-object.js';
import { unauthenticated } from '../../../protocol/errors/index.js';
import type { A2aClaims, A2aPrincipal } from '../../principal.js';

/** Which claims of a token say what. A name is that of a claim, or a path into it: `realm_access.roles`. */
export interface ClaimNames {
  /** Default 'sub'. */
  readonly owner?: string;
  /** Put before each owner, such as 'partners:'. Needed for all but one issuer if there are several: their owners may be alike. */
  readonly ownerPrefix?: string;
  /** A token without this claim is refused. Default: callers have no tenant of their own. */
  readonly tenant?: string;
  /** An array, or text with spaces. Default: 'scope', else 'scp'. */
  readonly scopes?: string;
  /** An array, or text with spaces. Default: 'roles'. */
  readonly roles?: string;
  /** More claims for agents, under the same names. Default: none. */
  readonly claims?: readonly string[];
}

/**
 * The principal that a verified token names. Frozen: many calls share it. `lateMs`: how long after its `exp` it is still accepted.
 * @throws A2AError UNAUTHENTICATED
 */
export function principalOfToken(
  token: Readonly<Record<string, unknown>>,
  names: ClaimNames,
  lateMs = 0,
): A2aPrincipal {
  const owner = textAt(token, names.owner ?? 'sub');
  const claims: Record<string, unknown> = {};
  const scopes = names.scopes === undefined ? (at(token, 'scope') ?? at(token, 'scp')) : at(token, names.scopes);
  if (scopes !== undefined) claims['scopes'] = listOf(scopes);
  const roles = at(token, names.roles ?? 'roles');
  if (roles !== undefined) claims['roles'] = listOf(roles);
  for (const name of names.claims ?? []) {
    const value = at(token, name);
    if (value !== undefined) claims[name] = value;
  }
  return deepFrozen({
    owner: `${names.ownerPrefix ?? ''}${owner}`,
    ...(names.tenant !== undefined && { tenant: textAt(token, names.tenant) }),
    ...(Object.keys(claims).length > 0 && { claims: claims as A2aClaims }),
    expiresAt: new Date(Number(token['exp']) * 1000 + lateMs),
  });
}

function textAt(token: Readonly<Record<string, unknown>>, name: string): string {
  const value = at(token, name);
  if (typeof value === 'string' && value !== '') return value;
  throw unauthenticated(`The token has no claim '${name}' that is a text, which names its caller here.`);
}

/** A claim of this very name comes first: names may have dots. */
function at(token: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(token, name)) return token[name];
  let value: unknown = token;
  for (const part of name.split('.')) value = isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  return value;
}

const listOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? value.split(' ').filter((part) => part !== '')
    : Array.isArray(value)
      ? value.filter((part) => typeof part === 'string')
      : [];

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFrozen);
  }
  return value;
}
