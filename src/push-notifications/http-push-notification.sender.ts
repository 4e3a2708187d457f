import {
  OutboundError,
  type OutboundErrorCode,
  type OutboundHttp,
  type OutboundRequest,
  type OutboundResponse,
} from '../security/outbound/index.js';
import type { PushNotification, PushNotificationSender, PushOutcome } from './push-notification-sender.interface.js';

/** Bytes of a response that are read. The content is ignored; reading it lets the connection end cleanly. */
const ANSWER_BYTES = 64 * 1024;

/** Errors that mean that the host did not respond. */
const UNANSWERED: ReadonlySet<OutboundErrorCode> = new Set(['resolve', 'connect', 'timeout', 'response']);

/** POSTs notifications to webhooks. A 2xx is success. A redirect is not followed and counts as a failure. */
export class HttpPushNotificationSender implements PushNotificationSender {
  constructor(
    private readonly http: OutboundHttp,
    private readonly timeoutMs: number,
  ) {}

  async send(notification: PushNotification, signal: AbortSignal): Promise<PushOutcome> {
    try {
      const request = notificationRequest(notification);
      const bounds = { timeoutMs: this.timeoutMs, maxResponseBytes: ANSWER_BYTES, truncate: true, signal };
      return outcomeOf(await this.http.request({ ...request, ...bounds }));
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      if (error.code === 'aborted') return { result: 'stopped' };
      // Other errors may pass. A header that cannot be sent is part of the config, so no retry can succeed.
      if (error.code === 'request') return { result: 'rejected', reason: error.message };
      return { result: 'failed', reason: error.message, ...(UNANSWERED.has(error.code) && { unanswered: true }) };
    }
  }
}

function outcomeOf({ status, headers }: OutboundResponse): PushOutcome {
  if (status >= 200 && status < 300) return { result: 'delivered' };
  const reason = `The response has HTTP status ${status}.`;
  if (status === 410) return { result: 'gone', reason };
  return { result: 'failed', reason, retryAfterMs: retryAfterMs(headers['retry-after']), unanswered: false };
}

/** The request to a webhook. Spec 4.3.3; for v0.3 spec 9.5. */
function notificationRequest({ event, config, body }: PushNotification): OutboundRequest {
  const { url, token, authentication, wireVersion } = config;
  return {
    method: 'POST',
    url,
    headers: {
      'Content-Type': wireVersion === '1.0' ? 'application/a2a+json' : 'application/json',
      'User-Agent': 'nest-a2a',
      // The same in each attempt, so that receivers can detect duplicates.
      'X-A2A-Notification-Id': `${event.taskId}/${event.seq}`,
      ...(token !== undefined && { 'X-A2A-Notification-Token': token }),
      ...(authentication?.credentials !== undefined && {
        Authorization: `${authentication.scheme} ${authentication.credentials}`,
      }),
    },
    body,
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
