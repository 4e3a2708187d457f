import { joseTools, type JoseTools } from '../../security/keys/jose-tools.js';
import { readSigningKeys, type SigningKeys } from '../../security/keys/signing-keys.js';
import type { WebhookSigningOptions } from './webhook-signing.options.js';
import { hmacSignature, webhookSecretKey } from './webhook-secret.js';

export const WEBHOOK_SIGNER = Symbol('WebhookSigner');

/** What is signed of a notification. */
export interface SignedNotification {
  /** The same in each attempt. */
  readonly id: string;
  readonly body: string;
  /** The token that the client registered. */
  readonly token?: string;
}

interface Jws {
  readonly keys: SigningKeys;
  readonly tools: JoseTools;
}

/** Makes the headers that prove to a receiver who sent a notification, when, and that its body is unchanged. */
export class WebhookSigner {
  readonly #secrets: readonly Buffer[];

  private constructor(
    secrets: readonly string[],
    private readonly jws: Jws | undefined,
  ) {
    this.#secrets = secrets.flatMap((secret) => webhookSecretKey(secret) ?? []);
  }

  /** Rejects with TypeError naming the key that is wrong, and with MissingPackageError if jose is needed and not installed. */
  static async create({ secrets = [], keys }: WebhookSigningOptions = {}): Promise<WebhookSigner> {
    if (keys === undefined) return new WebhookSigner(secrets, undefined);
    const tools = await joseTools('Signing webhooks (pushNotifications.signing.keys)');
    const read = await readSigningKeys(keys, 'A2aModule: pushNotifications.signing.keys', tools);
    return new WebhookSigner(secrets, { keys: read, tools });
  }

  /** Public keys of the signatures. undefined: none are made with such keys. */
  get keySet(): SigningKeys['keySet'] | undefined {
    return this.jws?.keys.keySet;
  }

  /** None if there is nothing to sign with. `now`: milliseconds since the epoch. */
  async headersOf({ id, body, token }: SignedNotification, now = Date.now()): Promise<Record<string, string>> {
    const own = webhookSecretKey(token);
    const secrets = own ? [own] : this.#secrets;
    if (secrets.length === 0 && !this.jws) return {};
    const timestamp = Math.floor(now / 1000);
    return {
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      ...(secrets.length > 0 && {
        'webhook-signature': secrets.map((key) => hmacSignature(key, id, timestamp, body)).join(' '),
      }),
      ...(this.jws && { 'X-A2A-Notification-Signature': await detachedJws(this.jws, id, timestamp, body) }),
    };
  }
}

/** By the first private key. RFC 7515, appendix F: the payload is the body of the request. */
async function detachedJws({ keys, tools }: Jws, id: string, timestamp: number, body: string): Promise<string> {
  const { kid, alg, key } = keys.signers[0]!;
  const { protected: header, signature } = await tools.sign(body, { alg, kid, iat: timestamp, jti: id }, key);
  return `${header}..${signature}`;
}
