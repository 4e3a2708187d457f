import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { unavailable } from '../protocol/errors/index.js';
import { EXECUTION_OPTIONS, type ExecutionOptions } from './execution.options.js';
import { ReplicaService } from './replica.service.js';
import { RunRegistry } from './run.registry.js';

/** Runs that were told to stop have this long, in ms, to write their last event. */
const LAST_WORDS_MS = 5_000;

/** The end of this process: no new runs, time for the present ones, a recorded end for the rest, then the readers leave. */
@Injectable()
export class DrainService implements OnModuleDestroy {
  readonly #log = new Logger(DrainService.name);
  readonly #closed = new AbortController();
  #draining?: Promise<void>;

  constructor(
    private readonly registry: RunRegistry,
    private readonly replica: ReplicaService,
    @Inject(EXECUTION_OPTIONS) private readonly options: ExecutionOptions,
  ) {}

  get draining(): boolean {
    return this.#draining !== undefined;
  }

  /** Aborted when the runs have ended: open streams end then. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Throws UNAVAILABLE once the process takes no more work. */
  assertOpen(): void {
    if (this.draining) throw unavailable('The server is shutting down. Try again: another one will answer.');
  }

  /** Idempotent. */
  drain(): Promise<void> {
    return (this.#draining ??= this.#drain());
  }

  onModuleDestroy(): Promise<void> {
    return this.drain();
  }

  async #drain(): Promise<void> {
    if (this.registry.size > 0)
      this.#log.log(`Waiting up to ${this.options.drainMs} ms for ${this.registry.size} runs.`);
    if (!(await this.registry.idle(this.options.drainMs))) {
      this.#log.warn(`${this.registry.size} runs are ended by the shutdown.`);
      for (const run of this.registry.all()) run.stop('drain');
      await this.registry.idle(LAST_WORDS_MS);
    }
    this.#closed.abort();
    await this.replica.leave();
  }
}
