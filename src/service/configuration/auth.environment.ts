import { OIDC_DEFAULTS, OIDC_RANGES, isSecureUrl } from '../../security/authentication/oidc/oidc.options.js';
import { BrowserEnvironment } from './browser.environment.js';
import { isFilled } from './values.js';
import { Choice, Text, WholeNumber } from './variable.decorators.js';

const isHeader = (value: string): boolean => /^[\w!#$%&'*+.^`|~-]+$/.test(value);

const SECURE_URL = 'an https URL without a user, or http on loopback';
const CLAIM = 'the name of a claim, or a path into it';
const HEADER = 'the name of a header';
const LIST = 'names with commas between them';

/** The variables that say who may call. */
export class AuthEnvironment extends BrowserEnvironment {
  @Text({ rule: SECURE_URL, accepts: isSecureUrl, example: 'https://id.example.com/realms/acme' })
  A2A_OIDC_ISSUER?: string;

  @Text({ rule: LIST, accepts: isFilled, example: 'agents' })
  A2A_OIDC_AUDIENCE?: string;

  @Text({ rule: SECURE_URL, accepts: isSecureUrl, example: 'https://id.example.com/jwks' })
  A2A_OIDC_JWKS_URL?: string;

  @Text({ rule: LIST, accepts: isFilled, example: 'RS256,ES256' })
  A2A_OIDC_ALGORITHMS?: string;

  @WholeNumber(OIDC_RANGES.clockToleranceMs, 'milliseconds', OIDC_DEFAULTS.clockToleranceMs)
  A2A_OIDC_CLOCK_TOLERANCE_MS?: number;

  @Text({ rule: CLAIM, accepts: isFilled, example: 'sub' })
  A2A_OIDC_OWNER_CLAIM?: string;

  @Text({ rule: CLAIM, accepts: isFilled, example: 'org_id' })
  A2A_OIDC_TENANT_CLAIM?: string;

  @Text({ rule: CLAIM, accepts: isFilled, example: 'scope' })
  A2A_OIDC_SCOPES_CLAIM?: string;

  @Text({ rule: CLAIM, accepts: isFilled, example: 'realm_access.roles' })
  A2A_OIDC_ROLES_CLAIM?: string;

  @Text({ rule: LIST, accepts: isFilled, example: 'email,department' })
  A2A_OIDC_CLAIMS?: string;

  @Text({ rule: 'the path of a file', accepts: isFilled, example: '/etc/a2a/keys.json' })
  A2A_API_KEYS_FILE?: string;

  /** Not set: keys are in A2A_API_KEYS_FILE, or there are none. */
  @Choice([undefined, 'storage'], 'storage')
  A2A_API_KEYS?: 'storage';

  @Text({ rule: HEADER, accepts: isHeader, example: 'X-API-Key' })
  A2A_API_KEY_HEADER?: string;

  @Text({ rule: HEADER, accepts: isHeader, example: 'x-forwarded-user' })
  A2A_GATEWAY_OWNER_HEADER?: string;

  @Text({ rule: HEADER, accepts: isHeader, example: 'x-forwarded-tenant' })
  A2A_GATEWAY_TENANT_HEADER?: string;

  @Text({ rule: HEADER, accepts: isHeader, example: 'x-forwarded-scopes' })
  A2A_GATEWAY_SCOPES_HEADER?: string;

  @Text({ rule: HEADER, accepts: isHeader, example: 'x-forwarded-groups' })
  A2A_GATEWAY_ROLES_HEADER?: string;

  @Text({ rule: 'addresses and CIDRs with commas between them', accepts: isFilled, example: '10.0.0.0/8,fd00::/8' })
  A2A_GATEWAY_ADDRESSES?: string;

  @Text({ rule: HEADER, accepts: isHeader, example: 'x-gateway-secret' })
  A2A_GATEWAY_SECRET_HEADER?: string;

  @Text({ rule: 'the path of a file', accepts: isFilled, example: '/run/secrets/gateway' })
  A2A_GATEWAY_SECRET_FILE?: string;

  /** Not set: client certificates do not identify callers. */
  @Choice([undefined, 'cn', 'san-uri'], 'cn')
  A2A_MTLS_OWNER?: 'cn' | 'san-uri';

  @Text({ rule: LIST, accepts: isFilled, example: 'agents:use' })
  A2A_REQUIRED_SCOPES?: string;

  @Text({ rule: LIST, accepts: isFilled, example: 'scopes,roles' })
  A2A_KEEP_CLAIMS?: string;
}

/** Whether a variable says how callers are identified. */
export const identifiesCallers = (environment: AuthEnvironment): boolean =>
  environment.A2A_OIDC_ISSUER !== undefined ||
  environment.A2A_API_KEYS_FILE !== undefined ||
  environment.A2A_API_KEYS !== undefined ||
  environment.A2A_GATEWAY_OWNER_HEADER !== undefined ||
  environment.A2A_MTLS_OWNER !== undefined;
