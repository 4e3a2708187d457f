import { Logger } from '@nestjs/common';
import { printable } from '../protocol/errors/index.js';
import type { Outbox, OutboxEntry } from '../tasks/outbox.interface.js';
import type { PushNotificationConfigStore } from '../tasks/push-config-store.interface.js';
import type { PushOutcome } from './push-notification-sender.interface.js';
import type { PushNotificationsOptions } from './push-notifications.options.js';
import { retryDelay } from './retry-delay.js';

/** Notes what became of deliveries: done with, to be tried again, given up; and disables configs that fail too often. */
export class DeliverySettler {
  readonly #log = new Logger('PushNotifications');

  constructor(
    private readonly outbox: Outbox,
    private readonly configs: PushNotificationConfigStore,
    private readonly options: PushNotificationsOptions,
  ) {}

  async settle(entry: OutboxEntry, outcome: PushOutcome): Promise<void> {
    switch (outcome.result) {
      case 'delivered':
        return this.outbox.complete([entry.id]);
      case 'stopped':
        return this.outbox.release([entry.id], 0);
      case 'failed':
        return this.#failed(entry, outcome.reason, outcome.retryAfterMs);
      case 'rejected':
        return this.#giveUp(entry, outcome.reason);
      case 'gone':
        await this.outbox.bury(entry.id, outcome.reason);
        return this.#disable(entry, outcome.reason);
    }
  }

  async #failed(entry: OutboxEntry, reason: string, askedMs?: number): Promise<void> {
    const attempts = entry.attempts + 1;
    if (attempts >= this.options.maxAttempts) return this.#giveUp(entry, reason);
    const delayMs = retryDelay(attempts, this.options, askedMs);
    this.#log.debug(`${subject(entry)} failed, try ${attempts} of ${this.options.maxAttempts}: ${reason}`);
    await this.outbox.retry(entry, delayMs);
  }

  async #giveUp(entry: OutboxEntry, reason: string): Promise<void> {
    const givenUp = await this.outbox.bury(entry.id, reason);
    this.#log.warn(`${subject(entry)} is given up after ${entry.attempts + 1} tries: ${reason}`);
    if (givenUp >= this.options.disableAfter) await this.#disable(entry, reason);
  }

  async #disable({ event, config }: OutboxEntry, reason: string): Promise<void> {
    await this.configs.disable(event.taskId, config.id, `The config was disabled. ${reason}`);
    this.#log.warn(`The webhook ${printable(config.id)} of task ${event.taskId} is disabled: ${reason}`);
  }
}

/** Names no url: it may hold secrets. */
const subject = ({ event, config }: OutboxEntry): string =>
  `The notification of event ${event.seq} of task ${event.taskId} to webhook ${printable(config.id)}`;
