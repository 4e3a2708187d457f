import type { Metrics } from '../common/metrics/metrics.interface.js';
import { secondsSince } from '../common/metrics/seconds-since.js';
import { NO_SPAN, type TraceSpan, type Tracing } from '../common/tracing/tracing.interface.js';
import { isHandlerId } from '../tasks/handler-config.js';
import type { PushNotification, PushNotificationSender, PushOutcome } from './push-notification-sender.interface.js';

/** Measures and traces the attempts of a sender. */
export class ObservedSender implements PushNotificationSender {
  constructor(
    private readonly sender: PushNotificationSender,
    private readonly metrics: Metrics,
    private readonly tracing?: Tracing,
  ) {}

  async send(notification: PushNotification, signal: AbortSignal): Promise<PushOutcome> {
    const begun = performance.now();
    const span = this.#span(notification);
    const { carrier: trace = notification.trace } = span;
    let result: PushOutcome['result'] = 'failed';
    try {
      const outcome = await span.within(() => this.sender.send({ ...notification, ...(trace && { trace }) }, signal));
      result = outcome.result;
      return outcome;
    } finally {
      this.metrics.count('a2a_webhook_attempts_total', result);
      this.metrics.record('a2a_webhook_attempt_duration_seconds', secondsSince(begun));
      span.end(result === 'delivered' ? undefined : result);
    }
  }

  /** Only for a notification that continues a trace: others would each be a trace of one span. */
  #span({ event, config, trace }: PushNotification): TraceSpan {
    if (this.tracing === undefined || trace === undefined) return NO_SPAN;
    const attributes = { 'a2a.task.id': event.taskId, 'a2a.event.seq': event.seq };
    const parent = { ...trace };
    if (isHandlerId(config.id)) return this.tracing.begin(`A2A ${config.id}`, { kind: 'consumer', parent, attributes });
    return this.tracing.begin('A2A webhook', { kind: 'client', parent, attributes });
  }
}
