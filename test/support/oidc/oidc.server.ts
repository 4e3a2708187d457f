import { exportJWK, exportSPKI, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Provider from 'oidc-provider';

/** The `aud` of its access tokens. */
export const AUDIENCE = 'urn:agents';
const SCOPES = 'agents:use agents:admin';

export interface OidcClient {
  readonly id: string;
  readonly tenant?: string;
  readonly roles?: readonly string[];
}

type Key = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

interface Keys {
  readonly kid: string;
  readonly private: Key;
  readonly public: Key;
  readonly jwk: JWK;
}

/** A real OpenID Connect server (oidc-provider) on loopback, whose clients get JWTs by client credentials. */
export class OidcServer {
  #keys!: Keys;
  #handle: RequestListener = (_request, response) => void response.writeHead(503).end();
  /** Paths that were requested. */
  readonly requests: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
    private readonly clients: readonly OidcClient[],
  ) {}

  static async start(clients: readonly OidcClient[]): Promise<OidcServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const oidc = new OidcServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, clients);
    server.on('request', (request, response) => {
      oidc.requests.push(request.url ?? '');
      oidc.#handle(request, response);
    });
    await oidc.rotate();
    return oidc;
  }

  /** Replaces its key: from now on it signs with another one, and no longer publishes the old one. */
  async rotate(): Promise<void> {
    const kid = `key-${Date.now()}-${Math.random()}`;
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    this.#keys = {
      kid,
      private: privateKey,
      public: publicKey,
      jwk: { ...(await exportJWK(privateKey)), kid, alg: 'RS256' },
    };
    this.#handle = (await this.#provider()).callback();
  }

  /** An access token, as a client gets it. */
  async token(client: string, scope = 'agents:use'): Promise<string> {
    const response = await fetch(`${this.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client,
        client_secret: secretOf(client),
        resource: AUDIENCE,
        ...(scope && { scope }),
      }),
    });
    const { access_token: token, ...rest } = (await response.json()) as { access_token?: string };
    if (token === undefined) throw new Error(JSON.stringify(rest));
    return token;
  }

  /** A token that the server would not issue, signed with its key or another one. */
  async signed(
    claims: JWTPayload,
    { key = this.#keys.private, alg = 'RS256' }: { key?: Key | Uint8Array; alg?: string } = {},
  ): Promise<string> {
    return new SignJWT({
      iss: this.issuer,
      aud: AUDIENCE,
      exp: Math.floor(Date.now() / 1000) + 600,
      scope: 'agents:use',
      tenant: 'acme',
      ...claims,
    })
      .setProtectedHeader({ alg, kid: this.#keys.kid })
      .sign(key);
  }

  /** Its public key, which some servers take for the secret of HS256. */
  publicPem(): Promise<string> {
    return exportSPKI(this.#keys.public);
  }

  /** From now on it does not answer. */
  goAway(): void {
    this.#handle = (request) => void request.socket.destroy();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #provider(): Promise<Provider> {
    // It warns of what makes no difference here: the runtime, and that it forgets everything.
    const { warn } = console;
    console.warn = () => undefined;
    const { default: OidcProvider } = await import('oidc-provider');
    const about = (id: unknown): OidcClient | undefined => this.clients.find((client) => client.id === id);
    const resource = {
      scope: SCOPES,
      audience: AUDIENCE,
      accessTokenFormat: 'jwt',
      accessTokenTTL: 600,
      jwt: { sign: { alg: 'RS256' } },
    };
    const provider = new OidcProvider(this.issuer, {
      jwks: { keys: [this.#keys.jwk] },
      cookies: { keys: ['of a test'] },
      scopes: SCOPES.split(' '),
      clients: this.clients.map(({ id }) => ({
        client_id: id,
        client_secret: secretOf(id),
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [],
        response_types: [],
      })),
      features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: false },
        resourceIndicators: { enabled: true, defaultResource: () => AUDIENCE, getResourceServerInfo: () => resource },
      },
      extraTokenClaims: (_context: unknown, { clientId }: { clientId?: string }) => {
        const { tenant, roles } = about(clientId) ?? {};
        return { ...(tenant && { tenant }), ...(roles && { realm_access: { roles } }) };
      },
    });
    console.warn = warn;
    return provider;
  }
}

const secretOf = (id: string): string => `secret-of-${id}-secret-of-${id}`;
