import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BackgroundLoop } from '../../common/background-loop.js';
import { FailureLog } from '../../common/failure-log.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { BUS_OPTIONS, type BusOptions } from '../../events/bus/bus.options.js';
import type { TaskWake } from '../../events/event-bus.interface.js';
import type { ActiveRun } from './active-run.js';
import { RunLauncher } from './run.launcher.js';

/**
 * Applies what other replicas request of this process's runs: it passes on a cancel requested elsewhere and stops a run whose task was
 * taken away. The bus says when to check; cancels are polled every `pollMs` in any case, in one query for all runs.
 */
@Injectable()
export class RunListener implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new SafeLogger(RunListener.name);
  readonly #ends: (() => void)[] = [];
  /** Tasks whose rows are being read now. */
  readonly #looking = new Set<string>();
  readonly #loop = new BackgroundLoop({
    pass: () => this.#ask(),
    pauseMs: () => this.options.pollMs,
    ready: () => this.launcher.registry.size > 0,
    failures: new FailureLog(this.#log, {
      failed: 'Cannot query cancel requests',
      recovered: 'Cancel requests can be queried again.',
    }),
  });

  constructor(
    private readonly launcher: RunLauncher,
    @Inject(BUS_OPTIONS) private readonly options: Pick<BusOptions, 'pollMs'>,
  ) {}

  onApplicationBootstrap(): void {
    const { bus } = this.launcher.ports;
    this.#loop.start();
    this.#ends.push(
      bus.onWake((heads) => this.#heard(heads)),
      bus.onGap(() => this.#loop.wake()),
      () => void this.#loop.stop(),
    );
  }

  /** Runs can be canceled as long as they run: until the drain is over. */
  onApplicationShutdown(): void {
    for (const end of this.#ends.splice(0)) end();
  }

  #heard(heads: readonly TaskWake[]): void {
    let asked = false;
    for (const { taskId, seq, forOwner } of heads) {
      const run = this.launcher.registry.get(taskId);
      if (!run) continue;
      asked ||= forOwner === true;
      // Only the owner of a task writes its events.
      if (seq > run.lastSeq) void this.#look(run);
    }
    if (asked) this.#loop.wake();
  }

  /** Reads the requested cancels. */
  async #ask(): Promise<void> {
    const { ports, registry, replica } = this.launcher;
    for (const taskId of await ports.runs.cancelRequests(replica.id)) registry.get(taskId)?.cancel();
  }

  /** Stops the run if it no longer owns its task. */
  async #look(run: ActiveRun): Promise<void> {
    const { taskId, ref } = run;
    if (this.#looking.has(taskId)) return;
    this.#looking.add(taskId);
    try {
      const context = { ...ref, protocolVersion: '1.0' as const, requestedExtensions: [] };
      const head = await this.launcher.ports.store.head(context, taskId);
      if (head?.fence !== ref.fence) run.stop('lost-ownership');
    } catch {
      // The storage is unavailable: the run's next write is refused, and the run stops then.
    } finally {
      this.#looking.delete(taskId);
    }
  }
}
