import type { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffDelay } from '../../common/backoff.js';
import { type BusMessage, decodeMessage, encodeSaying, openingOf, type Saying } from './bus-message.js';
import type { BusCarrier, CarrierSession } from './bus-carrier.interface.js';
import { messageOf } from './message-of.js';

export interface BusConnectionOptions {
  /** How often the connection is checked, in ms; default 10,000. */
  readonly keepAliveMs: number;
  /** Time limit of each step before the connection counts as dead, in ms; default 5,000. */
  readonly limitMs: number;
  /** Pause before the first reconnect, in ms; default 100. It doubles with each failure … */
  readonly firstDelayMs: number;
  /** … up to this; default 10,000. */
  readonly longestDelayMs: number;
}

export const BUS_CONNECTION_DEFAULTS: BusConnectionOptions = {
  keepAliveMs: 10_000,
  limitMs: 5_000,
  firstDelayMs: 100,
  longestDelayMs: 10_000,
};

/** Time limit for a graceful close, in ms. */
const LONGEST_CLOSE_MS = 1_000;

export interface BusConnectionEvents {
  /** Connected, or connected again. */
  up(): void;
  /** Receives a message of another process. */
  heard(message: BusMessage): void;
}

/** A greeting that this process has sent and not heard yet. */
interface Proof {
  heard(): void;
  failed(reason: unknown): void;
}

/**
 * Keeps a carrier connected, forever. A connection is good when this process hears its own messages over it. That is tested on connecting
 * and then regularly: a socket whose other end is gone, and a listener that a pooler has removed, both stay silent without an error.
 * Failures are logged once, until the connection is good again.
 */
export class BusConnection {
  readonly #opening: string;
  #session?: CarrierSession;
  #good = false;
  #proof?: Proof;
  #timer?: NodeJS.Timeout;
  #failures = 0;
  #saidAway = false;
  #closed = false;

  constructor(
    readonly id: string,
    private readonly carrier: BusCarrier,
    private readonly options: BusConnectionOptions,
    private readonly events: BusConnectionEvents,
    private readonly logger: Logger,
  ) {
    this.#opening = openingOf(id);
  }

  get good(): boolean {
    return this.#good;
  }

  open(): void {
    void this.#connect();
  }

  /** False: it may not have been sent. */
  async send(texts: readonly string[]): Promise<boolean> {
    const session = this.#session;
    if (!session || !this.#good) return false;
    try {
      await session.send(texts);
      return true;
    } catch (error) {
      if (session === this.#session) this.#lost(error);
      return false;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const session = this.#session;
    const good = this.#good;
    this.#session = undefined;
    this.#good = false;
    if (session && good) await Promise.race([session.close(), sleep(LONGEST_CLOSE_MS, undefined, { ref: false })]);
    session?.cut();
  }

  async #connect(): Promise<void> {
    let opened: CarrierSession | undefined;
    // Set when this connection is over, so that its late messages are not taken for those of the next one.
    let over = false;
    let fault: unknown;
    const lost = (reason: unknown): void => {
      if (over) return;
      over = true;
      fault = reason;
      if (opened && opened === this.#session) this.#lost(reason);
    };
    try {
      const heard = (text: string): void => void (over || this.#heard(text));
      opened = await this.carrier.connect({ heard, lost }, this.options.limitMs);
      if (this.#closed) return opened.cut();
      this.#session = opened;
      await this.#prove('hello');
    } catch (error) {
      over = true;
      if (opened) opened.cut();
      if (this.#closed || (opened && opened !== this.#session)) return;
      // The driver's error says more than that the attempt failed.
      return this.#lost(fault ?? error);
    }
    if (opened !== this.#session) return;
    this.#good = true;
    this.#failures = 0;
    if (this.#saidAway) this.logger.log(`${this.carrier.name} is back.`);
    this.#saidAway = false;
    this.events.up();
    this.#schedule(this.options.keepAliveMs, () => this.#keepAlive());
  }

  async #keepAlive(): Promise<void> {
    const session = this.#session;
    try {
      await this.#prove('here');
    } catch (error) {
      if (session === this.#session) this.#lost(error);
      return;
    }
    if (session === this.#session) this.#schedule(this.options.keepAliveMs, () => this.#keepAlive());
  }

  /** Sends a message and waits until this process hears it. */
  async #prove(say: Saying): Promise<void> {
    const { limitMs } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const heard = new Promise<void>((resolve, reject) => {
      this.#proof = { heard: resolve, failed: reject };
      const deaf = new Error(
        `nothing of what this process says comes back within ${limitMs} ms: is there a proxy or a pooler in between that does not pass it on?`,
      );
      timer = setTimeout(reject, limitMs, deaf).unref();
    });
    try {
      await Promise.all([heard, this.#session?.send([encodeSaying(this.id, say)])]);
    } finally {
      clearTimeout(timer);
      this.#proof = undefined;
    }
  }

  #heard(text: string): void {
    // This process's own wakes need not be parsed.
    if (text.startsWith(this.#opening)) return this.#proof?.heard();
    const message = decodeMessage(text);
    if (message) this.events.heard(message);
  }

  #lost(reason: unknown): void {
    const session = this.#session;
    this.#session = undefined;
    this.#good = false;
    clearTimeout(this.#timer);
    session?.cut();
    this.#proof?.failed(reason);
    if (this.#closed) return;
    if (!this.#saidAway) {
      this.logger.warn(
        `${this.carrier.name} is unavailable (${messageOf(reason)}). Until it is back, events of other replicas are found by polling.`,
      );
    }
    this.#saidAway = true;
    const { firstDelayMs, longestDelayMs } = this.options;
    const delay = backoffDelay(this.#failures++, { firstMs: firstDelayMs, maxMs: longestDelayMs });
    this.#schedule(delay, () => this.#connect());
  }

  #schedule(ms: number, step: () => Promise<void>): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => void step(), ms).unref();
  }
}
