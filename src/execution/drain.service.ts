import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { SafeLogger } from '../common/safe-logger.js';
import { unavailable } from '../protocol/errors/index.js';
import { RUN_STORE, type RunStore } from '../tasks/run-store.interface.js';
import { EXECUTION_OPTIONS, type ExecutionOptions } from './execution.options.js';
import { ReplicaService } from './ownership/replica.service.js';
import { RunRegistry } from './runs/run.registry.js';
import { withTimeout } from './with-timeout.js';

/** Runs that were told to stop have this long, in ms, to write their last event. */
const LAST_WORDS_MS = 5_000;

/** How long the storage may take to say what is to be canceled, in ms. */
const ASK_MS = 1_000;

/** The end of this process: no new runs, time for the present ones, a recorded end for the rest, then the readers leave. */
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

  /** Aborts when the process takes no more work. */
  get began(): AbortSignal {
    return this.#began.signal;
  }

  get draining(): boolean {
    return this.#draining !== undefined;
  }

  /** Throws UNAVAILABLE once the process takes no more work. */
  assertOpen(): void {
    if (this.draining) throw shuttingDown();
  }

  /** Throws UNAVAILABLE once the runs have ended: readers leave then. */
  assertNotClosed(): void {
    if (this.#closed) throw shuttingDown();
  }

  /** Idempotent. Rejects, when all is done, if the storage could not be told how runs ended or that this process is gone. */
  drain(): Promise<void> {
    return (this.#draining ??= this.#drain());
  }

  onModuleDestroy(): Promise<void> {
    // The other hooks of the application run all the same.
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

  /** What clients have canceled at any replica ends canceled, and does not fail. */
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
