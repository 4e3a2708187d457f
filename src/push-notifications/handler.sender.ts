import { setTimeout as sleep } from 'node:timers/promises';
import { SafeLogger } from '../common/safe-logger.js';
import { briefTextOfError } from '../common/text-of-error.js';
import { printable } from '../protocol/errors/index.js';
import { isHandlerId } from '../tasks/handler-config.js';
import type { EventHandler, EventHandlers } from './event-handlers.js';
import type { PushNotification, PushNotificationSender, PushOutcome } from './push-notification-sender.interface.js';

/** The most characters of what a handler threw. */
const REASON_LENGTH = 200;

/** Calls the handlers of this process, and leaves webhooks to the sender of those. */
export class HandlerSender implements PushNotificationSender {
  readonly #log = new SafeLogger('OnTaskEvent');

  constructor(
    private readonly handlers: EventHandlers,
    private readonly webhooks: PushNotificationSender,
    private readonly timeoutMs: number,
  ) {}

  async send(notification: PushNotification, signal: AbortSignal): Promise<PushOutcome> {
    const { config } = notification;
    if (!isHandlerId(config.id)) return this.webhooks.send(notification, signal);
    const handler = this.handlers.of(config);
    // A process of another version may have it.
    if (!handler)
      return { result: 'failed', reason: `This process has no ${config.id}.`, answer: { error: 'no-handler' } };
    return this.#call(handler, notification, signal);
  }

  async #call(handler: EventHandler, { event, scope }: PushNotification, signal: AbortSignal): Promise<PushOutcome> {
    const end = new AbortController();
    const handled = handler.handle(event, scope).then(
      (): PushOutcome => ({ result: 'delivered' }),
      (error: unknown): PushOutcome => {
        this.#log.error(`${handler.name} failed with event ${event.seq} of task ${event.taskId}.`, error);
        const reason = printable(briefTextOfError(error), REASON_LENGTH);
        return { result: 'failed', reason: `It failed: ${reason}`, answer: { error: 'handler' } };
      },
    );
    const late = sleep(this.timeoutMs, undefined, { signal: AbortSignal.any([signal, end.signal]) }).then(
      (): PushOutcome => ({
        result: 'failed',
        reason: `It has not finished after ${this.timeoutMs} ms.`,
        answer: { error: 'timeout' },
      }),
      (): PushOutcome => ({ result: 'stopped' }),
    );
    return Promise.race([handled, late]).finally(() => end.abort());
  }
}
