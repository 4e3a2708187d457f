import type { EventBus, TaskWake } from '../../../events/event-bus.interface.js';

/** A bus that loses every second of its calls, or all of them, on the way out and on the way in. */
export class LosingBus implements EventBus {
  #calls = 0;
  /** Before, it loses nothing. */
  losing = false;

  constructor(
    private readonly bus: EventBus,
    private readonly loses: 'half' | 'all',
  ) {}

  wake(heads: readonly TaskWake[]): void {
    if (this.#passes()) this.bus.wake(heads);
  }

  onWake(listener: (heads: readonly TaskWake[]) => void): () => void {
    return this.bus.onWake((heads) => {
      if (this.#passes()) listener(heads);
    });
  }

  wakeQueue(): void {
    if (this.#passes()) this.bus.wakeQueue();
  }

  onQueueWake(listener: () => void): () => void {
    return this.bus.onQueueWake(() => {
      if (this.#passes()) listener();
    });
  }

  onGap(listener: () => void): () => void {
    return this.bus.onGap(() => {
      if (this.#passes()) listener();
    });
  }

  close(): Promise<void> {
    return this.bus.close();
  }

  #passes(): boolean {
    return !this.losing || (this.loses === 'half' && this.#calls++ % 2 === 0);
  }
}
