import { Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';
import { listen } from '../common/listen.js';
import { SafeLogger } from '../common/safe-logger.js';
import { merged } from './bus/pending-wakes.js';
import type { EventBus, TaskWake } from './event-bus.interface.js';

/** The bus of a single process: delivers after the current event loop turn, the newest seq of each task once. */
@Injectable()
export class InProcessEventBus implements EventBus {
  readonly #logger = new SafeLogger(InProcessEventBus.name);
  readonly #wakes = new Subject<readonly TaskWake[]>();
  readonly #lines = new Subject<void>();
  #pending = new Map<string, TaskWake>();
  #line = false;
  #closed = false;

  wake(heads: readonly TaskWake[]): void {
    if (this.#closed || !this.#wakes.observed || heads.length === 0) return;
    if (this.#pending.size === 0) setImmediate(this.#deliver);
    for (const head of heads) {
      const known = this.#pending.get(head.taskId);
      this.#pending.set(head.taskId, known ? merged(known, head) : head);
    }
  }

  wakeQueue(): void {
    if (this.#closed || this.#line) return;
    this.#line = true;
    setImmediate(() => {
      this.#line = false;
      this.#lines.next();
    });
  }

  onQueueWake(listener: () => void): () => void {
    return listen(this.#lines, listener, this.#logger);
  }

  onWake(listener: (heads: readonly TaskWake[]) => void): () => void {
    return listen(this.#wakes, listener, this.#logger);
  }

  /** Nothing is ever lost. */
  onGap(): () => void {
    return () => undefined;
  }

  /** Drops what was not delivered yet; later wakes do nothing. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#wakes.complete();
    this.#lines.complete();
  }

  readonly #deliver = (): void => {
    const heads = [...this.#pending.values()];
    this.#pending = new Map();
    this.#wakes.next(heads);
  };
}
