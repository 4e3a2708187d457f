import { Injectable, Logger } from '@nestjs/common';
import type { EventBus, TaskWake } from './event-bus.interface.js';

type Listener = (heads: readonly TaskWake[]) => void;

/** The bus of a single process: delivers after the current turn of the event loop, the newest seq of each task once. */
@Injectable()
export class InProcessEventBus implements EventBus {
  readonly #logger = new Logger(InProcessEventBus.name);
  readonly #listeners = new Set<Listener>();
  #heads = new Map<string, number>();
  #closed = false;

  wake(heads: readonly TaskWake[]): void {
    if (this.#closed || this.#listeners.size === 0 || heads.length === 0) return;
    if (this.#heads.size === 0) setImmediate(() => this.#deliver());
    for (const { taskId, seq } of heads) {
      const known = this.#heads.get(taskId);
      if (known === undefined || known < seq) this.#heads.set(taskId, seq);
    }
  }

  onWake(listener: Listener): () => void {
    // A wrapper of its own: the same function may listen twice, and each registration ends by itself.
    const registration: Listener = (heads) => listener(heads);
    this.#listeners.add(registration);
    return () => void this.#listeners.delete(registration);
  }

  /** Drops what was not delivered yet; later wakes do nothing. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
  }

  #deliver(): void {
    const heads = Array.from(this.#heads, ([taskId, seq]) => ({ taskId, seq }));
    this.#heads = new Map();
    for (const listener of this.#listeners) {
      try {
        listener(heads);
      } catch (error) {
        this.#logger.error('A listener of the event bus threw; the others were called.', error);
      }
    }
  }
}
