import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { Doorbell } from '../events/doorbell.js';
import type { Outbox, OutboxEntry } from '../tasks/outbox.interface.js';
import type { PushNotificationConfigStore } from '../tasks/push-config-store.interface.js';
import { DeliverySettler } from './delivery.settler.js';
import { HostSlots } from './host-slots.js';
import type { PushNotificationSender } from './push-notification-sender.interface.js';
import type { PushNotificationsOptions } from './push-notifications.options.js';

/** An entry that is under way is hidden from others for so long beyond the time of its call; it must be settled by then. */
const SETTLE_MS = 30_000;
const FIRST_SETTLE_PAUSE_MS = 200;
/** How long an entry waits whose host has no free slot. */
const CROWDED_MS = 500;
/** Of the events that are under way; one more may go over it. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * Delivers what the outbox owes: it looks when a commit of this process owes something, when a delivery is over, and now and
 * then for what other processes left. Many may do so at a time, in as many processes: an entry is taken by one. Nothing waits
 * for it, no run and no reader.
 */
export class OutboxDispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('PushNotifications');
  readonly #bell = new Doorbell();
  readonly #underWay = new Set<Promise<void>>();
  readonly #hosts: HostSlots;
  readonly #settler: DeliverySettler;
  /** Aborts what is under way. */
  readonly #abort = new AbortController();
  /** Size of the events that are under way. */
  #bytes = 0;
  #running?: Promise<void>;
  #failing = false;
  #stopping = false;
  /** No more is taken. */
  #stopped = false;

  constructor(
    private readonly outbox: Outbox,
    configs: PushNotificationConfigStore,
    private readonly sender: PushNotificationSender,
    private readonly options: PushNotificationsOptions,
  ) {
    this.#hosts = new HostSlots(options.concurrencyPerHost);
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
    this.#bell.ring();
    const limit = new AbortController();
    await Promise.race([this.#running, sleep(this.options.drainMs, undefined, { signal: limit.signal })]).finally(() =>
      limit.abort(),
    );
    this.#stopped = true;
    this.#abort.abort();
    this.#bell.ring();
    await this.#running;
    await Promise.all(this.#underWay);
  }

  async #run(): Promise<void> {
    const leave = this.outbox.onOwed(() => this.#bell.ring());
    try {
      while (!this.#stopped) {
        const found = await this.#look();
        if (this.#stopping && !found && this.#underWay.size === 0) return;
        await this.#wait();
      }
    } finally {
      leave();
    }
  }

  /** Begins what is due, as far as there are slots. False: there was nothing. */
  async #look(): Promise<boolean> {
    const free = this.options.concurrency - this.#underWay.size;
    const room = MAX_BYTES - this.#bytes;
    if (free <= 0 || room <= 0) return false;
    const taken = await this.#take(free, room);
    const crowded = taken.filter((entry) => !this.#begin(entry)).map(({ id }) => id);
    if (crowded.length > 0) await this.#persist(() => this.outbox.release(crowded, CROWDED_MS));
    return taken.length > 0;
  }

  async #take(limit: number, maxBytes: number): Promise<OutboxEntry[]> {
    try {
      const taken = await this.outbox.take(limit, this.options.timeoutMs + SETTLE_MS, { maxBytes });
      this.#failing = false;
      return taken;
    } catch (error) {
      if (!this.#failing) {
        this.#log.warn(`Cannot look for notifications, trying again each ${this.options.pollMs} ms`, error);
      }
      this.#failing = true;
      return [];
    }
  }

  /** False: its host has no free slot. */
  #begin(entry: OutboxEntry): boolean {
    const host = hostOf(entry.config.url);
    if (!this.#hosts.take(host)) return false;
    const { size } = entry.event;
    this.#bytes += size;
    const delivery = this.#deliver(entry).finally(() => {
      this.#bytes -= size;
      this.#hosts.free(host);
      this.#underWay.delete(delivery);
      this.#bell.ring();
    });
    this.#underWay.add(delivery);
    return true;
  }

  /** Never rejects. */
  async #deliver(entry: OutboxEntry): Promise<void> {
    const { signal } = this.#abort;
    const outcome = await this.sender.send(entry, signal).catch((error: unknown) => {
      this.#log.error(`A notification of task ${entry.event.taskId} could not be sent.`, error);
      return { result: 'failed', reason: 'The sender failed.' } as const;
    });
    await this.#persist(() => this.#settler.settle(entry, outcome));
  }

  /** Repeats while the storage is away; after that somebody takes the entry again, when its time is over. */
  async #persist(work: () => Promise<void>): Promise<void> {
    const until = performance.now() + SETTLE_MS - 5_000;
    for (let pause = FIRST_SETTLE_PAUSE_MS; ; pause *= 2) {
      try {
        return await work();
      } catch (error) {
        if (this.#stopped || performance.now() + pause > until) {
          this.#log.warn('What became of a notification could not be stored: it will be sent again.', error);
          return;
        }
        await sleep(pause, undefined, { signal: this.#abort.signal }).catch(() => undefined);
      }
    }
  }

  /** For the bell, or the time of the next look. */
  async #wait(): Promise<void> {
    const timer = setTimeout(() => this.#bell.ring(), this.options.pollMs).unref();
    await this.#bell.wait();
    clearTimeout(timer);
    // What ends in the same turn of the event loop is one reason to look.
    await setImmediate();
  }
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');
