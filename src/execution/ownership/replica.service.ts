import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleInit, Optional } from '@nestjs/common';
import { A2A_METRICS, type Metrics, NO_METRICS } from '../../common/metrics/metrics.interface.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { unavailable } from '../../protocol/errors/index.js';
import { RUN_STORE, type RunStore } from '../../tasks/run-store.interface.js';
import { EXECUTION_OPTIONS, type ExecutionOptions } from '../execution.options.js';
import { Lease } from './lease.js';
import { renewalThread } from './renewal.thread.js';
import { RunRegistry } from '../runs/run.registry.js';

/**
 * This process as an owner of runs. When its lease is over it aborts its runs, since others may take them, and continues under a new id.
 */
@Injectable()
export class ReplicaService implements OnModuleInit, OnApplicationBootstrap {
  readonly #log = new SafeLogger(ReplicaService.name);
  readonly #lease: Lease;

  constructor(
    @Inject(RUN_STORE) runs: RunStore,
    @Inject(EXECUTION_OPTIONS) { leaseMs, stallMs }: ExecutionOptions,
    registry: RunRegistry,
    @Optional() @Inject(A2A_METRICS) metrics: Metrics = NO_METRICS,
  ) {
    const renewal = renewalThread(runs.leases, { leaseMs, stallMs });
    const lost = (): void => {
      metrics.count('a2a_lease_losses_total');
      registry.stop('lost-ownership');
    };
    this.#lease = new Lease(runs, leaseMs, lost, renewal);
  }

  /** The current id. It changes when a lease is lost. */
  get id(): string {
    return this.#lease.id;
  }

  /** Whether a lease is held, so that runs can be claimed. */
  get held(): boolean {
    return this.#lease.held;
  }

  /** The id to claim runs by. Throws UNAVAILABLE while no lease is held: another process could take a run claimed now. */
  owner(): string {
    if (this.#lease.held) return this.#lease.id;
    throw unavailable('This server has lost its storage of tasks for a while. Try again.', undefined, 1);
  }

  onModuleInit(): Promise<void> {
    return this.#lease.take();
  }

  onApplicationBootstrap(): void {
    this.#lease.keep();
  }

  /** Releases the lease; called when no run is left. False: the storage could not be told. */
  async leave(): Promise<boolean> {
    try {
      await this.#lease.end();
      return true;
    } catch (error) {
      this.#log.warn(`The replica's row stays until its lease ends: ${String(error)}`);
      return false;
    }
  }
}
