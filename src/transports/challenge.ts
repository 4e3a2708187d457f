import type { SecurityScheme } from '../protocol/model/index.js';

/** A token of RFC 9110, 5.6.2. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * `WWW-Authenticate` for an agent's security schemes, for an answer with HTTP 401 (RFC 9110, 11.6.1). Empty when no scheme has a challenge:
 * API keys and client certificates have none.
 */
export function challengeOf(schemes: Readonly<Record<string, SecurityScheme>> = {}): Record<string, string> {
  const names = new Set(Object.values(schemes).flatMap(nameOf));
  return names.size === 0 ? {} : { 'www-authenticate': [...names].join(', ') };
}

function nameOf(scheme: SecurityScheme): string[] {
  if (scheme.oauth2SecurityScheme ?? scheme.openIdConnectSecurityScheme) return ['Bearer'];
  const name = scheme.httpAuthSecurityScheme?.scheme;
  if (typeof name !== 'string' || !TOKEN.test(name)) return [];
  // Basic without a realm is malformed. RFC 7617, 2.
  return [/^basic$/i.test(name) ? 'Basic realm="a2a"' : /^bearer$/i.test(name) ? 'Bearer' : name];
}
