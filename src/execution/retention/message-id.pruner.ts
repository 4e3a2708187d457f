import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { jittered } from '../../common/backoff.js';
import { BackgroundLoop } from '../../common/background-loop.js';
import { FailureLog } from '../../common/failure-log.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { TASK_STORE, type TaskStore } from '../../tasks/task-store.interface.js';
import { EXECUTION_OPTIONS, type ExecutionOptions } from '../execution.options.js';

/** How often old messages are scanned, in ms. A shorter window is scanned four times in its length. */
const LONGEST_PAUSE_MS = 10 * 60_000;
/** Messages deleted by one statement. */
const BATCH = 1_000;

/**
 * Deletes the ids of messages that are older than the window in which a repeated one counts as a retry, once their task has ended. Each
 * replica does it; what one has deleted, another does not find.
 */
@Injectable()
export class MessageIdPruner implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #loop = new BackgroundLoop({
    pass: () => this.#forget(),
    pauseMs: () => jittered(1.5 * Math.min(this.options.messageWindowMs / 4, LONGEST_PAUSE_MS)),
    failures: new FailureLog(new SafeLogger(MessageIdPruner.name), {
      failed: 'Cannot delete old message ids',
      recovered: 'Old message ids can be deleted again.',
    }),
  });

  constructor(
    @Inject(TASK_STORE) private readonly store: Pick<TaskStore, 'forgetMessages'>,
    @Inject(EXECUTION_OPTIONS) private readonly options: Pick<ExecutionOptions, 'messageWindowMs'>,
  ) {}

  onApplicationBootstrap(): void {
    this.#loop.start();
  }

  onApplicationShutdown(): void {
    void this.#loop.stop();
  }

  async #forget(): Promise<void> {
    const { messageWindowMs } = this.options;
    while (!this.#loop.stopped && (await this.store.forgetMessages(messageWindowMs, BATCH)) === BATCH);
  }
}
