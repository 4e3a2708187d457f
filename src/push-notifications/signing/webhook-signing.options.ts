import { checkNames } from '../../common/number-options.js';
import type { SigningKey, VerificationKey } from '../../security/keys/signing-key.js';
import { WEBHOOK_SECRET_RULE, webhookSecretKey } from './webhook-secret.js';

/** Most secrets: each signs each notification. */
const MAX_SECRETS = 8;

/** How notifications are signed. */
export interface WebhookSigningOptions {
  /**
   * Secrets of Standard Webhooks, `whsec_…`, for receivers of your own: who knows one can sign too. Each signs each notification, so a
   * receiver that knows the old or the new one accepts it. At most 8. Default: none. A client with a secret of its own registers it as
   * the `token` of its webhook; then only that one signs.
   */
  readonly secrets?: readonly string[];
  /**
   * Keys of a detached JWS. The first with a `privateKey` signs; all are published at `.well-known/jwks.json`. 1 to 16. Needs the
   * package `jose`. Default: none.
   */
  readonly keys?: readonly (SigningKey | VerificationKey)[];
}

/** Throws RangeError, which shows no secret. The keys are read when the signer is made. */
export function checkWebhookSigning(given: WebhookSigningOptions | undefined): void {
  if (given === undefined) return;
  const where = 'pushNotifications.signing';
  checkNames(given, ['secrets', 'keys'], where);
  const { secrets = [] } = given;
  if (!Array.isArray(secrets) || secrets.length > MAX_SECRETS) {
    throw new RangeError(`${where}.secrets must be an array of at most ${MAX_SECRETS} secrets.`);
  }
  const wrong = secrets.findIndex((secret) => webhookSecretKey(secret) === undefined);
  if (wrong >= 0) throw new RangeError(`${where}.secrets[${wrong}] must be ${WEBHOOK_SECRET_RULE}.`);
}
