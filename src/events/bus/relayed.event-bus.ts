import { type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { Subject } from 'rxjs';
import { listen } from '../../common/listen.js';
import { SafeLogger } from '../../common/safe-logger.js';
import type { EventBus, TaskWake } from '../event-bus.interface.js';
import type { BusCarrier } from './bus-carrier.interface.js';
import { BUS_CONNECTION_DEFAULTS, BusConnection, type BusConnectionOptions } from './bus-connection.js';
import { type BusMessage, encodeSaying, encodeWakes } from './bus-message.js';
import { BusPeers } from './bus-peers.js';
import { PendingWakes } from './pending-wakes.js';

/** Processes greet each other at each keep-alive. After this many missed greetings a process counts as gone. */
const MISSED_GREETINGS = 3.5;
/** How long close waits for unsent messages, in ms. */
const LAST_WORDS_MS = 500;

/**
 * The bus between processes, over any carrier of strings. What arrives during a send goes out with the next one, in as few strings as
 * possible; nothing is sent while no other process is present. A process does not hear its own wakes. Wakes are dropped while the
 * connection is down; when it is back, all processes check everything once.
 */
export class RelayedEventBus implements EventBus, OnModuleInit, OnApplicationShutdown {
  readonly #logger = new SafeLogger('EventBus');
  readonly #wakes = new Subject<readonly TaskWake[]>();
  readonly #gaps = new Subject<void>();
  readonly #lines = new Subject<void>();
  readonly #pending = new PendingWakes();
  readonly #id = randomBytes(9).toString('base64url');
  readonly #connection: BusConnection;
  readonly #peers: BusPeers;
  /** A run queue wake waits to be sent. */
  #line = false;
  #sending?: Promise<void>;
  #closed = false;

  constructor(
    private readonly carrier: BusCarrier,
    options: Partial<BusConnectionOptions> = {},
  ) {
    const all = { ...BUS_CONNECTION_DEFAULTS, ...options };
    this.#peers = new BusPeers(all.keepAliveMs * MISSED_GREETINGS);
    const events = { up: () => this.#up(), heard: (message: BusMessage) => this.#heard(message) };
    this.#connection = new BusConnection(this.#id, carrier, all, events, this.#logger);
  }

  get connected(): boolean {
    return this.#connection.good;
  }

  onModuleInit(): void {
    this.open();
  }

  /** Starts connecting. A bus that cannot connect loses everything. */
  open(): void {
    this.#connection.open();
  }

  wake(heads: readonly TaskWake[]): void {
    if (this.#closed || heads.length === 0) return;
    if (!this.#connection.good) this.#pending.overflow();
    else if (this.#peers.any) {
      this.#pending.add(heads);
      this.#send();
    }
  }

  wakeQueue(): void {
    if (this.#closed || !this.#connection.good || !this.#peers.any) return;
    this.#line = true;
    this.#send();
  }

  onQueueWake(listener: () => void): () => void {
    return listen(this.#lines, listener, this.#logger);
  }

  onWake(listener: (heads: readonly TaskWake[]) => void): () => void {
    return listen(this.#wakes, listener, this.#logger);
  }

  onGap(listener: () => void): () => void {
    return listen(this.#gaps, listener, this.#logger);
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#wakes.complete();
    this.#gaps.complete();
    this.#lines.complete();
    if (this.#connection.good) await Promise.race([this.#lastWords(), sleep(LAST_WORDS_MS, undefined, { ref: false })]);
    await this.#connection.close();
  }

  async #lastWords(): Promise<void> {
    await this.#sending;
    await this.#connection.send([encodeSaying(this.#id, 'bye')]);
  }

  #up(): void {
    // Neither side heard the other while the connection was down.
    this.#send();
    this.#gaps.next();
  }

  #heard(message: BusMessage): void {
    if (this.#closed) return;
    const { from } = message;
    const say = 'say' in message ? message.say : undefined;
    if (say === 'bye') return this.#peers.forget(from);
    // Answer a new process, so that it knows whom to notify. Each answers once: an answer comes from a process that is then known.
    if (this.#peers.note(from) || say === 'hello') void this.#connection.send([encodeSaying(this.#id, 'here')]);
    if (say === 'all') this.#gaps.next();
    if (say === 'line') this.#lines.next();
    if ('wake' in message && message.wake.length > 0) this.#wakes.next(message.wake);
  }

  #send(): void {
    this.#sending ??= this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    // Send all wakes of this event loop turn together.
    await setImmediate();
    while ((this.#line || !this.#pending.empty) && this.#connection.good) {
      const line = this.#line ? [encodeSaying(this.#id, 'line')] : [];
      this.#line = false;
      const heads = this.#pending.take();
      const texts =
        heads === 'all' ? [encodeSaying(this.#id, 'all')] : encodeWakes(this.#id, heads, this.carrier.maxBytes);
      if (!(await this.#connection.send([...line, ...texts]))) this.#pending.overflow();
      const { paceMs } = this.carrier;
      if (paceMs > 0 && !this.#closed) await sleep(paceMs, undefined, { ref: false });
    }
    this.#sending = undefined;
  }
}
