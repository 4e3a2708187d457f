import { type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { AsyncSignal } from '../common/async-signal.js';
import { FailureLog } from '../common/failure-log.js';
import { SafeLogger } from '../common/safe-logger.js';
import type { Outbox, OutboxEntry } from '../tasks/outbox.interface.js';
import type { PushNotificationConfigStore } from '../tasks/push-config-store.interface.js';
import { pushHost } from '../tasks/push-host.js';
import { DeliveryChoice } from './delivery-choice.js';
import { DeliveryRoom } from './delivery-room.js';
import { DeliverySettler, SETTLE_MS } from './delivery.settler.js';
import type { NotificationBodies } from './notification-bodies.js';
import type { PushNotificationSender, PushOutcome } from './push-notification-sender.interface.js';
import type { PushNotificationsOptions } from './push-notifications.options.js';

/** How long an entry waits whose host turned out to have no room. */
const CROWDED_MS = 500;
/** The shortest time until the next look because of a rate: what a rate lets through meanwhile goes together. */
const RATE_PAUSE_MS = 20;
/** Of the events that are under way; one more may go over it. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * Delivers what the outbox owes: it looks when a commit of this process owes something, when a delivery is over, and now and
 * then for what other processes left. Many may do so at a time, in as many processes: an entry is taken by one. Nothing waits
 * for it, no run and no reader.
 */
export class OutboxDispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new SafeLogger('PushNotifications');
  readonly #failures = new FailureLog(this.#log, {
    failed: 'Cannot look for notifications',
    recovered: 'Notifications can be looked for again.',
  });
  readonly #signal = new AsyncSignal();
  /** Calls that are under way, with what breaks them off: one signal for all would have a listener for each. */
  readonly #calls = new Set<AbortController>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #room: DeliveryRoom;
  readonly #settler: DeliverySettler;
  /** Size of the events that are under way. */
  #bytes = 0;
  /** When the next look is due because of a rate, in ms. */
  #rateMs?: number;
  #running?: Promise<void>;
  #stopping = false;
  /** No more is taken. */
  #stopped = false;

  constructor(
    private readonly outbox: Outbox,
    configs: PushNotificationConfigStore,
    private readonly sender: PushNotificationSender,
    private readonly bodies: NotificationBodies,
    private readonly options: PushNotificationsOptions,
    room = new DeliveryRoom(options),
  ) {
    this.#room = room;
    this.#settler = new DeliverySettler(outbox, configs, options);
  }

  onApplicationBootstrap(): void {
    this.start();
  }

  /** After the runs have ended, and before the stores are closed. */
  beforeApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Goes on for up to `drainMs` with what is due, then ends; what was under way then is due again at once. Idempotent. */
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
        const { taken, waiting } = await this.#look();
        if (this.#stopping && taken === 0 && !waiting && this.#underWay.size === 0) return;
        // Behind what was taken there may be more that has room.
        if (taken > 0 && this.#underWay.size < this.options.concurrency) continue;
        await this.#wait();
      }
    } finally {
      leave();
    }
  }

  /** Begins what is due, as far as there is room. `waiting`: something is due that has none. */
  async #look(): Promise<{ taken: number; waiting: boolean }> {
    const free = this.options.concurrency - this.#underWay.size;
    const maxBytes = MAX_BYTES - this.#bytes;
    this.#rateMs = undefined;
    if (free <= 0 || maxBytes <= 0) return { taken: 0, waiting: true };
    const choice = new DeliveryChoice(this.#room, free, performance.now());
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

  /** False: its host has no room. */
  #begin(entry: OutboxEntry): boolean {
    if (this.bodies.isCovered(entry)) {
      this.#track(this.#settler.skip(entry));
      return true;
    }
    const host = pushHost(entry.config.url);
    const openMs = this.#room.openFor(host);
    if (openMs > 0) {
      this.#track(this.#settler.settle(entry, withoutCall(openMs)));
      return true;
    }
    const end = this.#room.begin({ owner: entry.scope.owner, host });
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
    let outcome: PushOutcome = { result: 'failed', reason: 'The sender failed.' };
    try {
      const body = await this.bodies.bodyOf(entry);
      outcome = body === undefined ? { result: 'delivered' } : await this.#send(entry, body, call.signal);
    } catch (error) {
      this.#log.error(`A notification of task ${entry.event.taskId} could not be sent.`, error);
    }
    this.#bytes -= entry.event.size;
    this.#calls.delete(call);
    end(answeredBy(outcome));
    this.#signal.set();
    await this.#settler.settle(entry, outcome);
  }

  #send({ event, config }: OutboxEntry, body: string, signal: AbortSignal): Promise<PushOutcome> {
    if (this.#stopped) return Promise.resolve({ result: 'stopped' });
    return this.sender.send({ event, config, body }, signal);
  }

  /** For the signal, or the time of the next look. */
  async #wait(): Promise<void> {
    const { pollMs } = this.options;
    const ms = this.#rateMs === undefined ? pollMs : Math.min(pollMs, Math.max(RATE_PAUSE_MS, this.#rateMs));
    const timer = setTimeout(() => this.#signal.set(), ms).unref();
    await this.#signal.wait();
    clearTimeout(timer);
    // What ends in the same turn of the event loop is one reason to look.
    await setImmediate();
  }
}

/** Whether the host has answered, as far as the outcome tells. */
function answeredBy(outcome: PushOutcome): boolean | undefined {
  if (outcome.result === 'failed') return outcome.unanswered === undefined ? undefined : !outcome.unanswered;
  return outcome.result === 'delivered' || outcome.result === 'gone' ? true : undefined;
}

/** Counts as a try: what a host owes is not kept because nobody asks it. Those that wait for it do not come at one moment. */
const withoutCall = (openMs: number): PushOutcome => ({
  result: 'failed',
  reason: 'Its host gave no answer lately, and was not called.',
  retryAfterMs: openMs * (1 + Math.random() / 4),
});
