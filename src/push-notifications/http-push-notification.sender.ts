import {
  OutboundError,
  type OutboundErrorCode,
  type OutboundHttp,
  type OutboundResponse,
} from '../security/outbound/index.js';
import { notificationRequest } from './notification-request.js';
import type { PushNotification, PushNotificationSender, PushOutcome } from './push-notification-sender.interface.js';
import { retryAfterMs } from './retry-after.js';

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
