import type { SecurityScheme } from '../../protocol/model/index.js';

/** A token of RFC 9110, 5.6.2. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

/** What a challenge says of the refused credentials. RFC 6750, 3. */
export interface ChallengeDetails {
  readonly error?: 'invalid_token' | 'insufficient_scope';
  /** Scopes that the call needs. */
  readonly scopes?: readonly string[];
}

/**
 * `WWW-Authenticate` for an agent's security schemes, for an answer with HTTP 401, or 403 for scopes (RFC 9110, 11.6.1). Empty when no scheme
 * has a challenge: API keys and client certificates have none.
 */
export function challengeOf(
  schemes: Readonly<Record<string, SecurityScheme>> = {},
  details: ChallengeDetails = {},
): Record<string, string> {
  const names = new Set(Object.values(schemes).flatMap(nameOf));
  const challenges = [...names].map((name) => (name === 'Bearer' ? bearer(details) : name));
  return challenges.length === 0 ? {} : { 'www-authenticate': challenges.join(', ') };
}

function nameOf(scheme: SecurityScheme): string[] {
  if (scheme.oauth2SecurityScheme ?? scheme.openIdConnectSecurityScheme) return ['Bearer'];
  const name = scheme.httpAuthSecurityScheme?.scheme;
  if (typeof name !== 'string' || !TOKEN.test(name)) return [];
  // Basic without a realm is malformed. RFC 7617, 2.
  return [/^basic$/i.test(name) ? 'Basic realm="a2a"' : /^bearer$/i.test(name) ? 'Bearer' : name];
}

/** Scope tokens have neither quotes nor backslashes. RFC 6749, 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

function bearer({ error, scopes = [] }: ChallengeDetails): string {
  const named = scopes.filter((scope) => SCOPE.test(scope)).join(' ');
  const parameters = [...(error ? [`error="${error}"`] : []), ...(named ? [`scope="${named}"`] : [])];
  return ['Bearer', ...(parameters.length ? [parameters.join(', ')] : [])].join(' ');
}
