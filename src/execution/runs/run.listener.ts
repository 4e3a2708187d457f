import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BackgroundLoop } from '../../common/background-loop.js';
import { FailureLog } from '../../common/failure-log.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { BUS_OPTIONS, type BusOptions } from '../../events/bus/bus.options.js';
import type { TaskWake } from '../../events/event-bus.interface.js';
import type { ActiveRun } from './active-run.js';
import { RunLauncher } from './run.launcher.js';

/**
 * What other replicas want of the runs of this process: a cancel that was requested elsewhere is passed on, and a run whose
 * task was taken away is stopped. The bus says when to look; cancels are looked for every `pollMs` in any case, in one query
 * for all runs.
 */
@Injectable()
export class RunListener implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new SafeLogger(RunListener.name);
  readonly #ends: (() => void)[] = [];
  /** Tasks that are looked at now. */
  readonly #looking = new Set<string>();
  readonly #loop = new BackgroundLoop({
    pass: () => this.#ask(),
    pauseMs: () => this.options.pollMs,
    ready: () => this.launcher.registry.size > 0,
    failures: new FailureLog(this.#log, {
      failed: 'Cannot ask for cancels of other replicas',
      recovered: 'Cancels of other replicas can be asked for again.',
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

  /** Runs can be canceled for as long as they run: until the drain is over. */
  onApplicationShutdown(): void {
    for (const end of this.#ends.splice(0)) end();
  }

  #heard(heads: readonly TaskWake[]): void {
    let asked = false;
    for (const { taskId, seq, forOwner } of heads) {
      const run = this.launcher.registry.get(taskId);
      if (!run) continue;
      asked ||= forOwner === true;
      // Nobody but the owner of a task writes events of it.
      if (seq > run.lastSeq) void this.#look(run);
    }
    if (asked) this.#loop.wake();
  }

  /** Asks for the cancels that were requested. */
  async #ask(): Promise<void> {
    const { ports, registry, replica } = this.launcher;
    for (const taskId of await ports.runs.cancelRequests(replica.id)) registry.get(taskId)?.cancel();
  }

  /** Stops the run if it is no longer the owner of its task. */
  async #look(run: ActiveRun): Promise<void> {
    const { taskId, ref } = run;
    if (this.#looking.has(taskId)) return;
    this.#looking.add(taskId);
    try {
      const context = { ...ref, protocolVersion: '1.0' as const, requestedExtensions: [] };
      const head = await this.launcher.ports.store.head(context, taskId);
      if (head?.fence !== ref.fence) run.stop('lost-ownership');
    } catch {
      // The storage is away: what the run writes next is refused, and it stops then.
    } finally {
      this.#looking.delete(taskId);
    }
  }
}
