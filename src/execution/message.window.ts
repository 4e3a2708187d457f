import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { jittered } from '../common/backoff.js';
import { SafeLogger } from '../common/safe-logger.js';
import { TASK_STORE, type TaskStore } from '../tasks/task-store.interface.js';
import { EXECUTION_OPTIONS, type ExecutionOptions } from './execution.options.js';

/** How often old messages are looked for, in ms; a shorter window is looked at four times. */
const LONGEST_PAUSE_MS = 10 * 60_000;
/** Messages that one statement forgets. */
const BATCH = 1_000;

/**
 * Forgets the ids of messages that are older than the window in which a repeated one counts as a retry, once their task has
 * ended. Each replica does it; what one forgets another does not find.
 */
@Injectable()
export class MessageWindow implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new SafeLogger(MessageWindow.name);
  #timer?: NodeJS.Timeout;
  #ended = false;

  constructor(
    @Inject(TASK_STORE) private readonly store: Pick<TaskStore, 'forgetMessages'>,
    @Inject(EXECUTION_OPTIONS) private readonly options: Pick<ExecutionOptions, 'messageWindowMs'>,
  ) {}

  onApplicationBootstrap(): void {
    this.#schedule();
  }

  onApplicationShutdown(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#ended) return;
    const pause = Math.min(this.options.messageWindowMs / 4, LONGEST_PAUSE_MS);
    // Replicas that began together do not stay together.
    this.#timer = setTimeout(() => void this.#forget(), jittered(1.5 * pause)).unref();
  }

  async #forget(): Promise<void> {
    try {
      while (!this.#ended && (await this.store.forgetMessages(this.options.messageWindowMs, BATCH)) === BATCH);
    } catch (error) {
      this.#log.warn(`Old messages could not be forgotten, trying again later: ${String(error)}`);
    }
    this.#schedule();
  }
}
