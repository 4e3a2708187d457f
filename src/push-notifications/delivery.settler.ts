import { setTimeout as sleep } from 'node:timers/promises';
import { backoffDelay, exponentialDelay } from '../common/backoff.js';
import { type Metrics, NO_METRICS } from '../common/metrics/metrics.interface.js';
import { SafeLogger } from '../common/safe-logger.js';
import { printable } from '../protocol/errors/index.js';
import { isHandlerId } from '../tasks/handler-config.js';
import type { DeliveryAttempt } from '../tasks/admin/delivery-attempt.js';
import { GroupCommit } from '../tasks/group-commit.js';
import type { Outbox, OutboxEntry } from '../tasks/outbox.interface.js';
import type { PushNotificationConfigStore } from '../tasks/push-config-store.interface.js';
import { EXCERPT_LENGTH } from './answer-excerpt.js';
import { statusNow } from '../tasks/status-clock.js';
import type { PushOutcome } from './push-notification-sender.interface.js';
import type { PushNotificationsOptions } from './push-notifications.options.js';

/** Time beyond the limit of a call, in ms, for which an entry in progress is hidden from others. It must be settled by then. */
export const SETTLE_MS = 30_000;
const PERSIST_MS = SETTLE_MS - 5_000;
/** The most characters of an error code. */
const ERROR_LENGTH = 64;
const BACKOFF = { firstMs: 200, maxMs: PERSIST_MS };

/** Stores the results of deliveries: done, to be retried, dropped. Disables webhooks that fail too often. */
export class DeliverySettler {
  readonly #log = new SafeLogger('PushNotifications');
  readonly #abort = new AbortController();
  readonly #completed: GroupCommit<string, void>;

  constructor(
    private readonly outbox: Outbox,
    private readonly configs: PushNotificationConfigStore,
    private readonly options: PushNotificationsOptions,
    private readonly metrics: Metrics = NO_METRICS,
  ) {
    this.#completed = new GroupCommit<string, void>({
      commit: async (batch) => {
        await outbox.complete(batch.map(({ item }) => item));
        return batch.map(() => undefined);
      },
      isTransient: () => true,
      retryForMs: PERSIST_MS,
    });
  }

  /** From now on nothing is retried. */
  stop(): void {
    this.#abort.abort();
  }

  /** Resolves when what was settled is stored. */
  async close(): Promise<void> {
    this.stop();
    await this.#completed.close();
  }

  /** Never rejects. */
  settle(entry: OutboxEntry, outcome: PushOutcome, tookMs = 0): Promise<void> {
    const attempt = attemptOf(outcome, tookMs);
    return this.persist(() => this.#settle(entry, outcome, attempt));
  }

  /** Drops an artifact that a later notification includes. Never rejects. */
  skip(entry: OutboxEntry): Promise<void> {
    return this.persist(() => this.outbox.skipFollowed(entry.id));
  }

  /**
   * Retries while the storage is unavailable. Later, when its time is over, another process takes the entry again. Never rejects.
   */
  async persist(work: () => Promise<void>): Promise<void> {
    const until = performance.now() + PERSIST_MS;
    for (let failures = 0; ; failures++) {
      try {
        return await work();
      } catch (error) {
        const pause = exponentialDelay(failures, BACKOFF);
        if (this.#abort.signal.aborted || performance.now() + pause > until) {
          this.#log.warn(
            'The result of a notification could not be stored. The notification will be sent again.',
            error,
          );
          return;
        }
        await sleep(pause, undefined, { signal: this.#abort.signal }).catch(() => undefined);
      }
    }
  }

  async #settle(entry: OutboxEntry, outcome: PushOutcome, attempt: DeliveryAttempt): Promise<void> {
    switch (outcome.result) {
      case 'delivered':
        this.#ended(entry, 'delivered');
        return this.#completed.submit(entry.id);
      case 'stopped':
        return this.outbox.release([entry.id], 0);
      case 'failed':
        return this.#failed(entry, outcome.reason, attempt, outcome.retryAfterMs);
      case 'rejected':
        return this.#giveUp(entry, outcome.reason, attempt);
      case 'gone':
        return this.#gone(entry, outcome.reason, attempt);
    }
  }

  async #failed(entry: OutboxEntry, reason: string, attempt: DeliveryAttempt, askedMs?: number): Promise<void> {
    const attempts = entry.attempts + 1;
    if (attempts >= this.options.maxAttempts) return this.#giveUp(entry, reason, attempt);
    const delayMs = retryDelay(attempts, this.options, askedMs);
    this.#log.debug(`${subject(entry)} failed, attempt ${attempts} of ${this.options.maxAttempts}: ${reason}`);
    await this.outbox.retry(entry, delayMs, attempt);
  }

  #ended({ attempts }: OutboxEntry, outcome: 'delivered' | 'dropped' | 'gone'): void {
    this.metrics.record('a2a_webhook_delivery_attempts', attempts + 1, outcome);
  }

  async #giveUp(entry: OutboxEntry, reason: string, attempt: DeliveryAttempt): Promise<void> {
    const disables = entry.givenUp + 1 >= this.options.disableAfter && !isHandlerId(entry.config.id);
    // Disabling drops everything that is due for the config, so nothing else is due meanwhile.
    if (disables) await this.#disable(entry, reason, attempt);
    else await this.outbox.deadLetter(entry.id, reason, attempt);
    this.#ended(entry, 'dropped');
    this.#log.warn(`${subject(entry)} is dropped after ${entry.attempts + 1} attempts: ${reason}`);
    if (disables) this.#logDisabled(entry, reason);
  }

  async #gone(entry: OutboxEntry, reason: string, attempt: DeliveryAttempt): Promise<void> {
    await this.#disable(entry, reason, attempt);
    this.#ended(entry, 'gone');
    this.#logDisabled(entry, reason);
  }

  /** The attempt is stored first: what is disabled cannot be retried. Nobody may take the entry before it is disabled. */
  async #disable(entry: OutboxEntry, reason: string, attempt: DeliveryAttempt): Promise<void> {
    const { event, config } = entry;
    await this.outbox.retry(entry, SETTLE_MS, attempt);
    await this.configs.disable(event.taskId, config.id, `The config was disabled. ${reason}`);
  }

  #logDisabled({ event, config }: OutboxEntry, reason: string): void {
    this.#log.warn(`The webhook ${printable(config.id)} of task ${event.taskId} is disabled: ${reason}`);
  }
}

/** What operators see of an attempt. A sender of an application may tell nothing but that it failed. */
function attemptOf(outcome: PushOutcome, tookMs: number): DeliveryAttempt {
  const answer = 'answer' in outcome ? outcome.answer : undefined;
  const { status, error = status === undefined ? outcome.result : undefined, excerpt } = answer ?? {};
  return {
    at: statusNow(),
    ...(status !== undefined && { status }),
    ...(error !== undefined && { error: printable(error, ERROR_LENGTH) }),
    ms: Math.max(Math.round(tookMs), 0),
    ...(excerpt !== undefined && { excerpt: printable(excerpt, EXCERPT_LENGTH - 1) }),
  };
}

/** Without the URL: it may contain secrets. */
function subject({ event, config }: OutboxEntry): string {
  const receiver = `${isHandlerId(config.id) ? '' : 'webhook '}${printable(config.id)}`;
  return `The notification of event ${event.seq} of task ${event.taskId} to ${receiver}`;
}

interface RetryBounds {
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
}

/**
 * Delay after `attempts` attempts: it doubles, less a random part of up to a half, so that a receiver that recovers is not
 * overloaded. The delay that the receiver asked for applies if it is longer. Never above the limit.
 */
export function retryDelay(
  attempts: number,
  { firstRetryMs, maxRetryMs }: RetryBounds,
  askedMs = 0,
  random = Math.random,
): number {
  const delayMs = backoffDelay(attempts - 1, { firstMs: firstRetryMs, maxMs: maxRetryMs }, random);
  return Math.min(maxRetryMs, Math.max(delayMs, askedMs));
}
