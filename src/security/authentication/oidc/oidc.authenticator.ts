import { loadOptional } from '../../../common/load-optional.js';
import { SafeLogger } from '../../../common/safe-logger.js';
import { FailureLog } from '../../../common/failure-log.js';
import { unauthenticated, unavailable } from '../../../protocol/errors/index.js';
import type { SecurityScheme } from '../../../protocol/model/index.js';
import type { A2aPrincipal } from '../../principal.js';
import { type AuthenticationCall, type Authenticator, headerOf } from '../authenticator.interface.js';
import { principalOfToken } from './claim-names.js';
import { configurationUrl, IssuerKeys } from './issuer-keys.js';
import { type OidcOptions, type OidcSettings, oidcSettings } from './oidc.options.js';
import { TokenCache } from './token-cache.js';

/** RFC 6750, 2.1. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;
/** Of a JWT that is signed: header, payload, signature, which may be empty. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

type Jose = typeof import('jose');

/** Accepts JWTs of one issuer as bearer tokens. */
export class OidcAuthenticator implements Authenticator {
  readonly name: string;
  readonly scheme: SecurityScheme;
  readonly ownerPrefix: string;
  readonly #settings: OidcSettings;
  readonly #verified: TokenCache;
  readonly #issuer: FailureLog;
  #ready?: Promise<{ readonly jose: Jose; readonly keys: IssuerKeys }>;

  constructor(options: OidcOptions) {
    this.#settings = oidcSettings(options);
    const { name, scheme, ownerPrefix = '', issuer, cacheMs, cacheSize } = this.#settings;
    this.name = name;
    this.ownerPrefix = ownerPrefix;
    this.scheme = scheme ?? defaultScheme(this.#settings);
    this.#verified = new TokenCache(cacheMs, cacheSize);
    this.#issuer = new FailureLog(new SafeLogger('Oidc'), {
      failed: `The keys of ${issuer} could not be fetched, so new tokens cannot be checked`,
      recovered: `The keys of ${issuer} can be fetched again.`,
    });
  }

  async start(): Promise<void> {
    await this.#load();
  }

  authenticate(call: AuthenticationCall): A2aPrincipal | null | Promise<A2aPrincipal | null> {
    const [, token] = BEARER.exec(headerOf(call, 'authorization') ?? '') ?? [];
    if (token === undefined || !JWT.test(token)) return null;
    return this.#verified.get(token) ?? this.#verify(token);
  }

  async #verify(token: string): Promise<A2aPrincipal | null> {
    const { jose, keys } = await this.#load();
    if (issuerOf(jose, token) !== this.#settings.issuer) return null;
    const claims = await this.#claims(jose, keys, token);
    const principal = principalOfToken(claims, this.#settings, this.#settings.clockToleranceMs);
    this.#verified.set(token, principal);
    return principal;
  }

  async #claims(jose: Jose, keys: IssuerKeys, token: string): Promise<Record<string, unknown>> {
    const { issuer, audience, algorithms, clockToleranceMs, typ } = this.#settings;
    try {
      const { payload } = await jose.jwtVerify(token, keys.get, {
        issuer,
        audience,
        algorithms,
        clockTolerance: clockToleranceMs / 1000,
        requiredClaims: ['exp'],
        ...(typ !== undefined && { typ }),
      });
      this.#issuer.succeeded();
      return payload;
    } catch (error) {
      if (isRefusal(jose, error)) throw unauthenticated(`The token is not accepted: ${reasonOf(jose, error)}.`);
      this.#issuer.failed(error);
      throw unavailable(
        'The token cannot be checked now: its issuer does not answer. Send the request again.',
        error,
        5,
      );
    }
  }

  #load(): Promise<{ readonly jose: Jose; readonly keys: IssuerKeys }> {
    this.#ready ??= loadOptional('oidc()', ['jose@6'], () => import('jose')).then((jose) => ({
      jose,
      keys: new IssuerKeys(jose, this.#settings),
    }));
    return this.#ready;
  }
}

/**
 * Accepts the JWTs of an OpenID Connect issuer as bearer tokens. Takes the optional package jose. Throws TypeError naming the option that
 * is wrong.
 *
 * @example oidc({ issuer: 'https://id.example.com/realms/acme', audience: 'agents', roles: 'realm_access.roles' })
 */
export const oidc = (options: OidcOptions): Authenticator => new OidcAuthenticator(options);

const defaultScheme = ({ issuer, jwksUrl }: OidcSettings): SecurityScheme =>
  jwksUrl === undefined
    ? { openIdConnectSecurityScheme: { openIdConnectUrl: configurationUrl(issuer) } }
    : { httpAuthSecurityScheme: { scheme: 'Bearer', bearerFormat: 'JWT' } };

function issuerOf(jose: Jose, token: string): unknown {
  try {
    return jose.decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** Whether the token is at fault, and not the way to its keys. */
const isRefusal = (jose: Jose, error: unknown): boolean =>
  error instanceof jose.errors.JOSEError &&
  !(error instanceof jose.errors.JWKSTimeout) &&
  !(error instanceof jose.errors.JWKSInvalid) &&
  // The general class is what jose throws for an answer without keys.
  error.code !== 'ERR_JOSE_GENERIC';

/** Tells the caller what is wrong with the token, and nothing of what it contains. */
function reasonOf({ errors }: Jose, error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim '${error.claim}' is not the expected one`;
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its signature algorithm is not allowed';
  if (error instanceof errors.JWKSNoMatchingKey) return 'the issuer has no such key';
  return 'it is not a valid JWT';
}
