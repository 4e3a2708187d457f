import { Injectable } from '@nestjs/common';
import { SafeLogger } from '../common/safe-logger.js';
import { Listeners } from './bus/listeners.js';
import { PendingWakes } from './bus/pending-wakes.js';
import type { EventBus, TaskWake } from './event-bus.interface.js';

/** The bus of a single process: delivers after the current turn of the event loop, the newest seq of each task once. */
@Injectable()
export class InProcessEventBus implements EventBus {
  readonly #listeners = new Listeners<[readonly TaskWake[]]>(new SafeLogger(InProcessEventBus.name));
  readonly #lines = new Listeners<[]>(new SafeLogger(InProcessEventBus.name));
  readonly #pending = new PendingWakes(Infinity);
  #line = false;
  #closed = false;

  wake(heads: readonly TaskWake[]): void {
    if (this.#closed || this.#listeners.size === 0 || heads.length === 0) return;
    if (this.#pending.empty) setImmediate(() => this.#deliver());
    this.#pending.add(heads);
  }

  wakeLine(): void {
    if (this.#closed || this.#line) return;
    this.#line = true;
    setImmediate(() => {
      this.#line = false;
      this.#lines.call();
    });
  }

  onLine(listener: () => void): () => void {
    return this.#lines.add(listener);
  }

  onWake(listener: (heads: readonly TaskWake[]) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Nothing is ever lost. */
  onGap(): () => void {
    return () => undefined;
  }

  /** Drops what was not delivered yet; later wakes do nothing. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
    this.#lines.clear();
  }

  #deliver(): void {
    const heads = this.#pending.take();
    if (heads !== 'all') this.#listeners.call(heads);
  }
}
