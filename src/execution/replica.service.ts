import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { newId } from '../protocol/ids.js';
import { RUN_STORE, type RunStore } from '../tasks/run-store.interface.js';
import { EXECUTION_OPTIONS, type ExecutionOptions } from './execution.options.js';
import { RunRegistry } from './run.registry.js';

/**
 * This process as an owner of runs: one row with a lease, renewed by one heartbeat. A process whose lease has lapsed aborts
 * its runs, since others may have taken them, and goes on under a new id.
 */
@Injectable()
export class ReplicaService implements OnModuleInit, OnApplicationBootstrap {
  readonly #log = new Logger(ReplicaService.name);
  #id = newId();
  #heartbeat?: NodeJS.Timeout;
  #renewing = false;

  constructor(
    @Inject(RUN_STORE) private readonly runs: RunStore,
    @Inject(EXECUTION_OPTIONS) private readonly options: ExecutionOptions,
    private readonly registry: RunRegistry,
  ) {}

  get id(): string {
    return this.#id;
  }

  async onModuleInit(): Promise<void> {
    await this.runs.registerReplica(this.#id, this.options.leaseMs);
  }

  onApplicationBootstrap(): void {
    this.#heartbeat = setInterval(() => void this.#renew(), this.options.leaseMs / 3).unref();
  }

  /** Gives the lease back; called when no run is left. */
  async leave(): Promise<void> {
    clearInterval(this.#heartbeat);
    await this.runs
      .removeReplica(this.#id)
      .catch((error: unknown) => this.#log.warn(`The replica's row stays until its lease ends: ${String(error)}`));
  }

  async #renew(): Promise<void> {
    // A slow answer to the last heartbeat must not be taken for the loss of a lease that was begun anew meanwhile.
    if (this.#renewing) return;
    this.#renewing = true;
    try {
      if (await this.runs.renewReplica(this.#id, this.options.leaseMs)) return;
      this.#log.error('The lease of this process has lapsed: its runs are given up and it goes on under a new id.');
      this.registry.stop('lost-ownership');
      this.#id = newId();
      await this.runs.registerReplica(this.#id, this.options.leaseMs);
    } catch (error) {
      this.#log.warn(`The lease could not be renewed: ${String(error)}`);
    } finally {
      this.#renewing = false;
    }
  }
}
