import { readFileSync } from 'node:fs';
import { apiKeys } from '../../security/authentication/api-keys/api-key.authenticator.js';
import type { A2aAuthOptions } from '../../security/authentication/authentication.options.js';
import type { Authenticator } from '../../security/authentication/authenticator.interface.js';
import { clientCertificates } from '../../security/authentication/certificate.authenticator.js';
import { trustedGateway } from '../../security/authentication/gateway.authenticator.js';
import { oidc } from '../../security/authentication/oidc/oidc.authenticator.js';
import type { OidcOptions } from '../../security/authentication/oidc/oidc.options.js';
import { definedOptions } from '../../common/number-options.js';
import { type AuthEnvironment, identifiesCallers } from './auth.environment.js';
import { ConfigurationError } from './configuration.error.js';
import { listOf } from './values.js';

/** The options of A2aAuthModule from the environment; undefined: callers are not identified. Throws ConfigurationError. */
export function authOptions(environment: AuthEnvironment): A2aAuthOptions | undefined {
  if (!identifiesCallers(environment)) return undefined;
  const authenticators = [oidcOf, apiKeysOf, gatewayOf, certificatesOf].flatMap((make) => make(environment) ?? []);
  return { authenticators, requiredScopes: listOf(environment.A2A_REQUIRED_SCOPES) };
}

/** undefined: tokens of no issuer are accepted. */
export function oidcOptions(env: AuthEnvironment): OidcOptions | undefined {
  const { A2A_OIDC_ISSUER: issuer, A2A_OIDC_ALGORITHMS: algorithms, A2A_OIDC_CLAIMS: claims } = env;
  if (issuer === undefined) return undefined;
  return {
    issuer,
    audience: listOf(env.A2A_OIDC_AUDIENCE),
    ...definedOptions({
      jwksUrl: env.A2A_OIDC_JWKS_URL,
      algorithms: algorithms === undefined ? undefined : listOf(algorithms),
      clockToleranceMs: env.A2A_OIDC_CLOCK_TOLERANCE_MS,
      owner: env.A2A_OIDC_OWNER_CLAIM,
      tenant: env.A2A_OIDC_TENANT_CLAIM,
      scopes: env.A2A_OIDC_SCOPES_CLAIM,
      roles: env.A2A_OIDC_ROLES_CLAIM,
      claims: claims === undefined ? undefined : listOf(claims),
    }),
  };
}

function oidcOf(env: AuthEnvironment): Authenticator | undefined {
  const options = oidcOptions(env);
  return options && made('A2A_OIDC_…', () => oidc(options));
}

function apiKeysOf({
  A2A_API_KEYS_FILE: file,
  A2A_API_KEYS: store,
  A2A_API_KEY_HEADER: header,
}: AuthEnvironment): Authenticator | undefined {
  if (store !== undefined) return apiKeys({ store, ...(header && { header }) });
  return file === undefined ? undefined : made('A2A_API_KEYS_FILE', () => apiKeys({ file, ...(header && { header }) }));
}

function gatewayOf(env: AuthEnvironment): Authenticator | undefined {
  const { A2A_GATEWAY_OWNER_HEADER: ownerHeader, A2A_GATEWAY_ADDRESSES: addresses } = env;
  const { A2A_GATEWAY_SECRET_HEADER: header, A2A_GATEWAY_SECRET_FILE: file } = env;
  if (ownerHeader === undefined) return undefined;
  if ((header === undefined) !== (file === undefined)) {
    throw new ConfigurationError([
      'A2A_GATEWAY_SECRET_HEADER and A2A_GATEWAY_SECRET_FILE must be set both, or neither.',
    ]);
  }
  return made('A2A_GATEWAY_…', () =>
    trustedGateway({
      ownerHeader,
      ...definedOptions({
        tenantHeader: env.A2A_GATEWAY_TENANT_HEADER,
        scopesHeader: env.A2A_GATEWAY_SCOPES_HEADER,
        rolesHeader: env.A2A_GATEWAY_ROLES_HEADER,
        from: addresses === undefined ? undefined : listOf(addresses),
        secret: header === undefined || file === undefined ? undefined : { header, value: secretIn(file) },
      }),
    }),
  );
}

const certificatesOf = ({ A2A_MTLS_OWNER: owner }: AuthEnvironment): Authenticator | undefined =>
  owner && clientCertificates({ owner });

function secretIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new ConfigurationError([
      `A2A_GATEWAY_SECRET_FILE must be a readable file, but ${file} cannot be read (${why}).`,
    ]);
  }
}

/** Names the variables in what an authenticator says of its options. */
function made(variables: string, make: () => Authenticator): Authenticator {
  try {
    return make();
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError([`${variables}: ${(error as Error).message}`]);
  }
}
