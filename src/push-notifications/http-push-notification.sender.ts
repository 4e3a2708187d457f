import {
  OutboundError,
  type OutboundErrorCode,
  type OutboundHttp,
  type OutboundRequest,
  type OutboundResponse,
} from '../security/outbound/index.js';
import type { PushNotification, PushNotificationSender, PushOutcome } from './push-notification-sender.interface.js';

/** What is read of an answer, whose content is of no interest: so much that its connection can end in peace. */
const ANSWER_BYTES = 64 * 1024;

/** What says of a host that it is silent. */
const UNANSWERED: ReadonlySet<OutboundErrorCode> = new Set(['resolve', 'connect', 'timeout', 'response']);

/** POSTs notifications to webhooks. A 2xx is success; a redirect is not followed, and a failure. */
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
      // Whatever is wrong with the rest may be mended; a header that cannot be sent is part of the config.
      if (error.code === 'request') return { result: 'rejected', reason: error.message };
      return { result: 'failed', reason: error.message, ...(UNANSWERED.has(error.code) && { unanswered: true }) };
    }
  }
}

function outcomeOf({ status, headers }: OutboundResponse): PushOutcome {
  if (status >= 200 && status < 300) return { result: 'delivered' };
  const reason = `It answered with HTTP status ${status}.`;
  if (status === 410) return { result: 'gone', reason };
  return { result: 'failed', reason, retryAfterMs: retryAfterMs(headers['retry-after']), unanswered: false };
}

/** The call of a webhook. Spec 4.3.3; in v0.3 9.5. */
function notificationRequest({ event, config, body }: PushNotification): OutboundRequest {
  const { url, token, authentication, wireVersion } = config;
  return {
    method: 'POST',
    url,
    headers: {
      'Content-Type': wireVersion === '1.0' ? 'application/a2a+json' : 'application/json',
      'User-Agent': 'nest-a2a',
      // The same each time that it is sent, so that a receiver can tell a repetition.
      'X-A2A-Notification-Id': `${event.taskId}/${event.seq}`,
      ...(token !== undefined && { 'X-A2A-Notification-Token': token }),
      ...(authentication?.credentials !== undefined && {
        Authorization: `${authentication.scheme} ${authentication.credentials}`,
      }),
    },
    body,
  };
}

/** The header Retry-After as ms from now: seconds or a date. undefined: absent or unreadable. RFC 9110, 10.2.3. */
export function retryAfterMs(header: string | string[] | undefined, now = Date.now()): number | undefined {
  if (typeof header !== 'string') return undefined;
  const text = header.trim();
  if (/^\d{1,15}$/.test(text)) return Number(text) * 1000;
  // Date.parse alone takes nearly anything.
  const at = /^[A-Z][a-z]{2},? .* GMT$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
