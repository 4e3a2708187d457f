import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SafeLogger } from '../common/safe-logger.js';
import { BUS_OPTIONS, type CheckedBusOptions } from '../events/bus/bus.options.js';
import type { TaskWake } from '../events/event-bus.interface.js';
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
  #asking = false;
  #again = false;
  #failing = false;

  constructor(
    private readonly launcher: RunLauncher,
    @Inject(BUS_OPTIONS) private readonly options: Pick<CheckedBusOptions, 'pollMs'>,
  ) {}

  onApplicationBootstrap(): void {
    const { bus } = this.launcher.ports;
    const poll = setInterval(() => this.#ask(), this.options.pollMs).unref();
    this.#ends.push(
      bus.onWake((heads) => this.#heard(heads)),
      bus.onGap(() => this.#ask()),
      () => clearInterval(poll),
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
    if (asked) this.#ask();
  }

  /** Asks for the cancels that were requested. Those that come meanwhile are asked for once more. */
  #ask(): void {
    if (this.#asking) this.#again = true;
    else if (this.launcher.registry.size > 0) void this.#askNow();
  }

  async #askNow(): Promise<void> {
    this.#asking = true;
    const { ports, registry, replica } = this.launcher;
    try {
      do {
        this.#again = false;
        for (const taskId of await ports.runs.cancelRequests(replica.id)) registry.get(taskId)?.cancel();
      } while (this.#again);
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#log.warn('Cannot ask for cancels of other replicas, trying again.', error);
      this.#failing = true;
    } finally {
      this.#asking = false;
    }
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
