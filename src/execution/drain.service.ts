import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { SafeLogger } from '../common/safe-logger.js';
import { unavailable } from '../protocol/errors/index.js';
import { RUN_STORE, type RunStore } from '../tasks/run-store.interface.js';
import { EXECUTION_OPTIONS, type ExecutionOptions } from './execution.options.js';
import { ReplicaService } from './ownership/replica.service.js';
import { RunRegistry } from './runs/run.registry.js';
import { withTimeout } from './with-timeout.js';

/** Time for stopped runs to write their last event, in ms. */
const LAST_WORDS_MS = 5_000;

/** Limit for asking the storage which runs to cancel, in ms. */
const ASK_MS = 1_000;

/**
 * Shuts this process down: it accepts no new runs, gives running ones time to finish, records an end for the rest, then closes readers.
 */
@Injectable()
export class DrainService implements OnModuleDestroy {
  readonly #log = new SafeLogger(DrainService.name);
  readonly #began = new AbortController();
  #closed = false;
  #draining?: Promise<void>;

  constructor(
    private readonly registry: RunRegistry,
    private readonly replica: ReplicaService,
    @Inject(EXECUTION_OPTIONS) private readonly options: ExecutionOptions,
    @Inject(RUN_STORE) private readonly runs: Pick<RunStore, 'cancelRequests'>,
  ) {}

  /** Aborts when the process stops accepting work. */
  get began(): AbortSignal {
    return this.#began.signal;
  }

  get draining(): boolean {
    return this.#draining !== undefined;
  }

  /** Throws UNAVAILABLE once the process has stopped accepting work. */
  assertOpen(): void {
    if (this.#draining) throw shuttingDown();
  }

  /** Throws UNAVAILABLE once the runs have ended and readers are closed. */
  assertNotClosed(): void {
    if (this.#closed) throw shuttingDown();
  }

  /** Idempotent. Finishes all steps, then rejects if the storage did not record how the runs ended or that this process has left. */
  drain(): Promise<void> {
    return (this.#draining ??= this.#drain());
  }

  onModuleDestroy(): Promise<void> {
    // A failure must not stop the application's other hooks.
    return this.drain().catch(() => undefined);
  }

  async #drain(): Promise<void> {
    this.#began.abort();
    if (this.registry.size > 0)
      this.#log.log(`Waiting up to ${this.options.drainMs} ms for ${this.registry.size} runs.`);
    if (!(await this.registry.idle(this.options.drainMs))) {
      this.#log.warn(`${this.registry.size} runs are ended by the shutdown.`);
      await this.#cancel();
      this.registry.stop('drain');
      await this.registry.idle(LAST_WORDS_MS);
    }
    const unsaid = this.registry.size;
    this.#closed = true;
    if (!(await this.replica.leave()) || unsaid > 0) throw new Error(unstored(unsaid));
  }

  /** A task that a client canceled on any replica ends as canceled, not as failed. */
  async #cancel(): Promise<void> {
    try {
      const asked = await withTimeout(this.runs.cancelRequests(this.replica.id), ASK_MS);
      for (const taskId of asked) this.registry.get(taskId)?.cancel();
    } catch (error) {
      this.#log.warn(`Cannot ask which of the runs are to be canceled: ${String(error)}`);
    }
  }
}

const unstored = (runs: number): string =>
  `The storage of tasks could not be reached at the shutdown: the ends of ${runs} runs are not stored. ` +
  'Their tasks are ended or run again by another process, or at the next start.';

const shuttingDown = () => unavailable('The server is shutting down. Try again: another one will answer.');
