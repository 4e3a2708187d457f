import {
  OutboundError,
  type OutboundErrorCode,
  type OutboundHttp,
  type OutboundResponse,
} from '../security/outbound/index.js';
import { excerptOf } from './answer-excerpt.js';
import { isWebhookSecret } from './signing/webhook-secret.js';
import type { WebhookSigner } from './signing/webhook.signer.js';
import type { PushNotification, PushNotificationSender, PushOutcome } from './push-notification-sender.interface.js';

/** Bytes of a response that are read. Its begin is kept for operators; reading it lets the connection end cleanly. */
const ANSWER_BYTES = 64 * 1024;

/** Errors that mean that the host did not respond. */
const UNANSWERED: ReadonlySet<OutboundErrorCode> = new Set(['resolve', 'connect', 'timeout', 'response']);

/** POSTs notifications to webhooks. A 2xx is success. A redirect is not followed and counts as a failure. */
export class HttpPushNotificationSender implements PushNotificationSender {
  constructor(
    private readonly http: OutboundHttp,
    private readonly timeoutMs: number,
    private readonly signer: Pick<WebhookSigner, 'headersOf'>,
  ) {}

  async send(notification: PushNotification, signal: AbortSignal): Promise<PushOutcome> {
    try {
      const { id, headers } = headersOf(notification);
      const { body, config } = notification;
      const signed = await this.signer.headersOf({ id, body, token: config.token });
      const request = { method: 'POST' as const, url: config.url, headers: { ...headers, ...signed }, body };
      const bounds = { timeoutMs: this.timeoutMs, maxResponseBytes: ANSWER_BYTES, truncate: true, signal };
      return outcomeOf(await this.http.request({ ...request, ...bounds }), notification);
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      if (error.code === 'aborted') return { result: 'stopped' };
      // Other errors may pass. A header that cannot be sent is part of the config, so no retry can succeed.
      if (error.code === 'request') return { result: 'rejected', reason: error.message, answer: { error: error.code } };
      const unanswered = UNANSWERED.has(error.code) && { unanswered: true };
      return { result: 'failed', reason: error.message, ...unanswered, answer: { error: error.code } };
    }
  }
}

function outcomeOf({ status, headers, body }: OutboundResponse, notification: PushNotification): PushOutcome {
  if (status >= 200 && status < 300) return { result: 'delivered' };
  const reason = `The response has HTTP status ${status}.`;
  const excerpt = excerptOf(body, notification);
  const answer = { status, ...(excerpt !== undefined && { excerpt }) };
  if (status === 410) return { result: 'gone', reason, answer };
  return { result: 'failed', reason, retryAfterMs: retryAfterMs(headers['retry-after']), unanswered: false, answer };
}

/** Of the request to a webhook, without signatures. Spec 4.3.3; for v0.3 spec 9.5. */
function headersOf({ event, config, trace }: PushNotification): { id: string; headers: Record<string, string> } {
  const { token, authentication, wireVersion } = config;
  // The same in each attempt, so that receivers can detect duplicates.
  const id = `${event.taskId}/${event.seq}`;
  return {
    id,
    headers: {
      'Content-Type': wireVersion === '1.0' ? 'application/a2a+json' : 'application/json',
      'User-Agent': 'nest-a2a',
      'X-A2A-Notification-Id': id,
      // A secret that signs is not sent.
      ...(token !== undefined && !isWebhookSecret(token) && { 'X-A2A-Notification-Token': token }),
      ...(authentication?.credentials !== undefined && {
        Authorization: `${authentication.scheme} ${authentication.credentials}`,
      }),
      ...trace,
    },
  };
}

/** The header `Retry-After` (seconds or a date) in ms from now. undefined: absent or unreadable. RFC 9110, 10.2.3. */
export function retryAfterMs(header: string | string[] | undefined, now = Date.now()): number | undefined {
  if (typeof header !== 'string') return undefined;
  const text = header.trim();
  if (/^\d{1,15}$/.test(text)) return Number(text) * 1000;
  // Date.parse alone accepts nearly anything.
  const at = /^[A-Z][a-z]{2},? .* GMT$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
