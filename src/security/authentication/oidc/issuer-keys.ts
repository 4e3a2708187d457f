import type { JWTVerifyGetKey } from 'jose';
import type { OidcSettings } from './oidc.options.js';
import { checkSecureUrl } from './oidc.options.js';
import { issuerFetch } from './issuer-fetch.js';

type Jose = typeof import('jose');

/** The keys of an issuer: found by its configuration or at `jwksUrl`, kept for a while, and fetched again for an unknown key. */
export class IssuerKeys {
  readonly #fetch: ReturnType<typeof issuerFetch>;
  #keys?: Promise<JWTVerifyGetKey>;

  constructor(
    private readonly jose: Jose,
    private readonly settings: OidcSettings,
  ) {
    this.#fetch = issuerFetch(settings.fetchTimeoutMs);
  }

  /** Rejects with JOSEError if the key is unknown, with other errors if the issuer does not answer. */
  readonly get: JWTVerifyGetKey = async (header, token) => {
    this.#keys ??= this.#open().catch((error: unknown) => {
      this.#keys = undefined;
      throw error;
    });
    return (await this.#keys)(header, token);
  };

  async #open(): Promise<JWTVerifyGetKey> {
    const { jwksUrl, keysMaxAgeMs, keysCooldownMs, fetchTimeoutMs } = this.settings;
    const url = jwksUrl ?? (await this.#discovered());
    return this.jose.createRemoteJWKSet(new URL(url), {
      cacheMaxAge: keysMaxAgeMs,
      cooldownDuration: keysCooldownMs,
      timeoutDuration: fetchTimeoutMs,
      [this.jose.customFetch]: this.#fetch,
    });
  }

  /** OpenID Connect Discovery 1.0, 4.3: the configuration must be that of the issuer. */
  async #discovered(): Promise<string> {
    const { issuer } = this.settings;
    const response = await this.#fetch(configurationUrl(issuer), { headers: { accept: 'application/json' } });
    const { issuer: named, jwks_uri: url } = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
    if (named !== issuer) throw new Error(`The configuration of ${issuer} is that of another issuer.`);
    checkSecureUrl(url, `The jwks_uri of ${issuer}`);
    return url;
  }
}

export const configurationUrl = (issuer: string): string =>
  `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
