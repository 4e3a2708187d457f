import { Injectable, type InjectionToken } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { AGENT_REGISTRY, type AgentRegistry } from '../agents/agent-registry.interface.js';
import { ByteBudget } from '../common/byte-budget.js';
import { LIMITS_OPTIONS, type LimitsOptions } from '../common/limits.options.js';
import type { GaugeName, LabelValues } from '../common/metrics/instruments.js';
import { TASK_CURSORS } from '../events/task-cursor.interface.js';
import type { DefaultTaskCursors } from '../events/task-cursors.js';
import { EXECUTION_OPTIONS, type ExecutionOptions } from '../execution/execution.options.js';
import { ReplicaService } from '../execution/ownership/replica.service.js';
import { RunRegistry } from '../execution/runs/run.registry.js';
import { MessageBacklog } from '../request-handler/message.backlog.js';
import { RUN_STORE, type RunStore } from '../tasks/run-store.interface.js';
import { OutboxReadings } from './outbox.readings.js';

/** One value of a gauge, with a value for each of its labels. */
export type Reading<N extends GaugeName = GaugeName> = readonly [value: number, ...labels: LabelValues<N>];

export type GaugeReaders = { readonly [N in GaugeName]: () => readonly Reading<N>[] | Promise<readonly Reading<N>[]> };

/** What gauges show, read from the application when somebody asks for the metrics. */
@Injectable()
export class Readings {
  constructor(private readonly modules: ModuleRef) {}

  readonly #find = <T>(token: InjectionToken<T>): T => this.modules.get<T>(token, { strict: false });

  /** Throws if the application does not import A2aModule. */
  assertFound(): void {
    try {
      this.#find(RunRegistry);
    } catch (error) {
      throw new Error('A2aMetricsModule measures A2aModule, which the application does not import.', { cause: error });
    }
  }

  readonly gauges: GaugeReaders = {
    ...new OutboxReadings(this.#find).gauges,
    a2a_runs: () => {
      const runs = new Map(
        this.#find<AgentRegistry>(AGENT_REGISTRY)
          .all()
          .map(({ id }) => [id, 0]),
      );
      for (const { agent } of this.#find(RunRegistry).all()) runs.set(agent.id, (runs.get(agent.id) ?? 0) + 1);
      return [...runs].map(([agent, count]) => [count, agent]);
    },
    a2a_run_slots: () => [[this.#execution.maxRuns]],
    a2a_tasks_queued: async () => [[await this.#runs.countWaiting(this.#execution.maxWaiting)]],
    a2a_replicas: async () => [[(await this.#runs.replicas()).length]],
    a2a_lease_held: () => [[this.#find(ReplicaService).held ? 1 : 0]],
    a2a_readers: () => [[this.#readers.open]],
    a2a_reader_lag_events: () => [[this.#readers.lag]],
    a2a_held_bytes: () => [
      [this.#find(ByteBudget).held(), 'clients'],
      [this.#find(MessageBacklog).bytes, 'messages'],
    ],
    a2a_held_bytes_limit: () => [
      [this.#limits.maxBufferedBytes, 'clients'],
      [this.#limits.maxUnstoredBytes, 'messages'],
    ],
  };

  get #execution(): ExecutionOptions {
    return this.#find<ExecutionOptions>(EXECUTION_OPTIONS);
  }

  get #limits(): LimitsOptions {
    return this.#find<LimitsOptions>(LIMITS_OPTIONS);
  }

  get #runs(): RunStore {
    return this.#find<RunStore>(RUN_STORE);
  }

  get #readers(): DefaultTaskCursors['readers'] {
    return this.#find<DefaultTaskCursors>(TASK_CURSORS).readers;
  }
}
