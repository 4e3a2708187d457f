import { type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { AsyncSignal } from '../common/async-signal.js';
import { FailureLog } from '../common/failure-log.js';
import { type Metrics, NO_METRICS } from '../common/metrics/metrics.interface.js';
import { SafeLogger } from '../common/safe-logger.js';
import type { Outbox, OutboxEntry } from '../tasks/outbox.interface.js';
import type { PushNotificationConfigStore } from '../tasks/push-config-store.interface.js';
import { isHandlerId } from '../tasks/handler-config.js';
import { pushHost } from '../tasks/push-host.js';
import { DeliveryChoice } from './delivery-choice.js';
import { DeliveryCapacity } from './delivery-capacity.js';
import { DeliverySettler, SETTLE_MS } from './delivery.settler.js';
import type { EventHandlers } from './event-handlers.js';
import type { NotificationBodies } from './notification-bodies.js';
import type { PushNotificationSender, PushOutcome } from './push-notification-sender.interface.js';
import type { PushNotificationsOptions } from './push-notifications.options.js';
import type { TurnTraces } from './turn-traces.js';

/** Delay of an entry whose host has no capacity. */
const CROWDED_MS = 500;
/** Shortest time until the next scan because of a rate, in ms. What the rate allows meanwhile is sent together. */
const RATE_PAUSE_MS = 20;
/** Bytes of the events in progress; one more event may exceed it. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * Delivers the entries of the outbox. It scans for due entries after a commit of this process that wrote some, when a delivery
 * ends, and from time to time for entries of other processes. Any number of processes may do so concurrently: each entry is taken
 * by one. No run and no reader waits for it.
 */
export class OutboxDispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new SafeLogger('PushNotifications');
  readonly #failures = new FailureLog(this.#log, {
    failed: 'Cannot read due notifications',
    recovered: 'Due notifications can be read again.',
  });
  readonly #signal = new AsyncSignal();
  /** Calls in progress, with what aborts them. One signal for all would have a listener for each. */
  readonly #calls = new Set<AbortController>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #capacity: DeliveryCapacity;
  readonly #settler: DeliverySettler;
  /** Bytes of the events in progress. */
  #bytes = 0;
  /** When the next scan is due because of a rate, in ms. */
  #rateMs?: number;
  #running?: Promise<void>;
  #stopping = false;
  /** No more entries are taken. */
  #stopped = false;

  constructor(
    private readonly outbox: Outbox,
    configs: PushNotificationConfigStore,
    private readonly sender: PushNotificationSender,
    private readonly bodies: NotificationBodies,
    private readonly options: PushNotificationsOptions,
    capacity = new DeliveryCapacity(options),
    metrics: Metrics = NO_METRICS,
    private readonly traces?: Pick<TurnTraces, 'of'>,
    /** Absent: what is owed to webhooks is delivered. Else only what is owed to these. */
    private readonly only?: Pick<EventHandlers, 'any'>,
  ) {
    this.#capacity = capacity;
    this.#settler = new DeliverySettler(outbox, configs, options, metrics);
  }

  onApplicationBootstrap(): void {
    if (this.only?.any !== false) this.start();
  }

  /** Runs after the runs have ended and before the stores are closed. */
  beforeApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Delivers due entries for up to `drainMs` and then ends. Entries in progress are due again at once. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#signal.set();
    const limit = new AbortController();
    await Promise.race([this.#running, sleep(this.options.drainMs, undefined, { signal: limit.signal })]).finally(() =>
      limit.abort(),
    );
    this.#stopped = true;
    this.#settler.stop();
    for (const call of this.#calls) call.abort();
    this.#signal.set();
    await this.#running;
    await Promise.all(this.#underWay);
    await this.#settler.close();
  }

  async #run(): Promise<void> {
    const leave = this.outbox.onOwed(() => this.#signal.set());
    try {
      while (!this.#stopped) {
        const { taken, waiting } = await this.#scan();
        if (this.#stopping && taken === 0 && !waiting && this.#underWay.size === 0) return;
        // Entries behind those taken may have capacity.
        if (taken > 0 && this.#underWay.size < this.options.concurrency) continue;
        await this.#wait();
      }
    } finally {
      leave();
    }
  }

  /** Starts due deliveries, as far as there is capacity. `waiting`: something is due that has none. */
  async #scan(): Promise<{ taken: number; waiting: boolean }> {
    const free = this.options.concurrency - this.#underWay.size;
    const maxBytes = MAX_BYTES - this.#bytes;
    this.#rateMs = undefined;
    if (free <= 0 || maxBytes <= 0) return { taken: 0, waiting: true };
    const choice = new DeliveryChoice(this.#capacity, free, performance.now());
    const taken = await this.#take(free, maxBytes, choice);
    this.#rateMs = choice.waitMs;
    const crowded = taken.filter((entry) => !this.#begin(entry)).map(({ id }) => id);
    if (crowded.length > 0) await this.#settler.persist(() => this.outbox.release(crowded, CROWDED_MS));
    return { taken: taken.length - crowded.length, waiting: choice.waitMs !== undefined };
  }

  async #take(limit: number, maxBytes: number, { choose }: DeliveryChoice): Promise<OutboxEntry[]> {
    let taken: OutboxEntry[] = [];
    await this.#failures.attempt(async () => {
      taken = await this.outbox.take(limit, this.options.timeoutMs + SETTLE_MS, { maxBytes, choose });
    });
    return taken;
  }

  /** false: its host has no capacity. */
  #begin(entry: OutboxEntry): boolean {
    if (this.bodies.isCovered(entry)) {
      this.#track(this.#settler.skip(entry));
      return true;
    }
    if (this.only && !isHandlerId(entry.config.id)) {
      this.#track(this.#settler.persist(() => this.outbox.release([entry.id], this.options.maxRetryMs)));
      return true;
    }
    const host = pushHost(entry.config.url);
    const openMs = this.#capacity.openFor(host);
    if (openMs > 0) {
      this.#track(this.#settler.settle(entry, withoutCall(openMs)));
      return true;
    }
    const end = this.#capacity.begin({ owner: entry.scope.owner, host });
    if (!end) return false;
    this.#track(this.#deliver(entry, end));
    return true;
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => {
      this.#underWay.delete(tracked);
      this.#signal.set();
    });
    this.#underWay.add(tracked);
  }

  /** Never rejects. */
  async #deliver(entry: OutboxEntry, end: (answered?: boolean) => void): Promise<void> {
    const call = new AbortController();
    this.#calls.add(call);
    this.#bytes += entry.event.size;
    const begun = performance.now();
    let outcome: PushOutcome = { result: 'failed', reason: 'The sender failed.' };
    try {
      const body = await this.bodies.bodyOf(entry);
      outcome = body === undefined ? { result: 'delivered' } : await this.#send(entry, body, call.signal);
    } catch (error) {
      this.#log.error(`A notification of task ${entry.event.taskId} could not be sent.`, error);
    }
    const tookMs = performance.now() - begun;
    this.#bytes -= entry.event.size;
    this.#calls.delete(call);
    end(answeredBy(outcome));
    this.#signal.set();
    await this.#settler.settle(entry, outcome, tookMs);
  }

  async #send(entry: OutboxEntry, body: string, signal: AbortSignal): Promise<PushOutcome> {
    const trace = await this.traces?.of(entry);
    if (this.#stopped) return { result: 'stopped' };
    const { event, config, scope } = entry;
    return this.sender.send({ event, config, scope, body, ...(trace && { trace }) }, signal);
  }

  /** Waits for the signal, or for the time of the next scan. */
  async #wait(): Promise<void> {
    const { pollMs } = this.options;
    const ms = this.#rateMs === undefined ? pollMs : Math.min(pollMs, Math.max(RATE_PAUSE_MS, this.#rateMs));
    const timer = setTimeout(() => this.#signal.set(), ms).unref();
    await this.#signal.wait();
    clearTimeout(timer);
    // Deliveries that end in the same turn of the event loop cause one scan.
    await setImmediate();
  }
}

/** Whether the host responded, if the outcome tells. */
function answeredBy(outcome: PushOutcome): boolean | undefined {
  if (outcome.result === 'failed') return outcome.unanswered === undefined ? undefined : !outcome.unanswered;
  return outcome.result === 'delivered' || outcome.result === 'gone' ? true : undefined;
}

/**
 * Counts as an attempt, so entries do not wait forever for a host that is not called. Their delays differ, so they do not all
 * come at once.
 */
const withoutCall = (openMs: number): PushOutcome => ({
  result: 'failed',
  reason: 'Its host did not respond to recent calls, so it was not called.',
  retryAfterMs: openMs * (1 + Math.random() / 4),
  answer: { error: 'circuit-open' },
});
