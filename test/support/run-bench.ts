import type { AgentExecutor } from '../../src/agents/agent-executor.interface.js';
import type { RegisteredAgent } from '../../src/agents/agent-registry.interface.js';
import type { A2aAgentOptions } from '../../src/agents/agent-options.js';
import { EventPublisher } from '../../src/events/event-publisher.js';
import { InMemoryQueueManager } from '../../src/events/in-memory-queue-manager.js';
import { InProcessEventBus } from '../../src/events/in-process.event-bus.js';
import { DefaultTaskCursors } from '../../src/events/task-cursors.js';
import type { ActiveRun } from '../../src/execution/runs/active-run.js';
import { QueueLimits } from '../../src/execution/queue/queue.limits.js';
import { QueuedTaskDispatcher } from '../../src/execution/queue/queued-task.dispatcher.js';
import { QuotaTable } from '../../src/common/quotas/quota.table.js';
import { StoredQuota } from '../../src/execution/queue/stored.quota.js';
import { RunSlots } from '../../src/execution/queue/run.slots.js';
import { DrainService } from '../../src/execution/drain.service.js';
import { type ExecutionOptions, executionOptions } from '../../src/execution/execution.options.js';
import { FollowUpStarter } from '../../src/execution/runs/follow-up.starter.js';
import { ForgottenTasks } from '../../src/execution/recovery/forgotten.tasks.js';
import { RecoveryService } from '../../src/execution/recovery/recovery.service.js';
import { RunResumer } from '../../src/execution/recovery/run.resumer.js';
import { ReplicaService } from '../../src/execution/ownership/replica.service.js';
import { RunListener } from '../../src/execution/runs/run.listener.js';
import { RunLauncher } from '../../src/execution/runs/run.launcher.js';
import { RunRegistry } from '../../src/execution/runs/run.registry.js';
import { StatusWriter } from '../../src/execution/runs/status.writer.js';
import { TaskCanceler } from '../../src/execution/runs/task.canceler.js';
import { TaskStarter } from '../../src/execution/runs/task.starter.js';
import type { Task } from '../../src/protocol/model/index.js';
import { EventHandlers } from '../../src/push-notifications/event-handlers.js';
import { openMemoryStores } from '../../src/tasks/memory/open-stores.js';
import type { OpenStores } from '../../src/tasks/stores.js';
import type { CommittedEvent } from '../../src/tasks/committed-event.js';
import { caller, userMessage } from '../../src/testing/contracts/fixtures.js';
import { fakeAgent } from './transport-app.js';

const NEVER_MS = 1_000_000;

export type Execute = (...args: Parameters<AgentExecutor['execute']>) => Promise<void>;

/** All that runs agents, over stores in memory, without Nest and without HTTP. */
export class RunBench {
  readonly caller = caller();
  readonly queues = new InMemoryQueueManager();
  readonly bus: InProcessEventBus;
  readonly room: RunSlots;
  readonly registry = new RunRegistry();
  readonly options: ExecutionOptions;
  readonly replica: ReplicaService;
  readonly launcher: RunLauncher;
  readonly starter: TaskStarter;
  readonly canceler: TaskCanceler;
  readonly followUps: FollowUpStarter;
  readonly drain: DrainService;
  readonly recovery: RecoveryService;
  readonly line: QueuedTaskDispatcher;
  readonly forgotten: ForgottenTasks;
  /** What the recovery runs tasks with, by id. */
  readonly agents = new Map<string, RegisteredAgent>();
  readonly cursors: DefaultTaskCursors;
  readonly listener: RunListener;
  /** Resolves when runs can be taken. */
  readonly ready: Promise<void>;
  readonly stores: OpenStores;

  /** Benches on the same stores are processes on the same storage. `pollMs`: by default nothing is found by polling. */
  constructor(
    options: Partial<ExecutionOptions> = {},
    {
      stores = openMemoryStores(),
      pollMs = NEVER_MS,
      bus = new InProcessEventBus(),
    }: { stores?: OpenStores; pollMs?: number; bus?: InProcessEventBus } = {},
  ) {
    this.stores = stores;
    this.bus = bus;
    const { tasks, runs, inbox } = this.stores;
    // Nothing renews the lease here.
    this.options = executionOptions({ leaseMs: 3_600_000, ...options });
    this.room = new RunSlots(this.options, quotasOf(this.options));
    this.replica = new ReplicaService(runs, this.options, this.registry);
    this.ready = this.replica.onModuleInit();
    this.launcher = new RunLauncher(
      tasks,
      runs,
      inbox,
      new EventPublisher(this.queues, this.bus),
      this.bus,
      this.options,
      this.registry,
      this.replica,
      this.room,
    );
    this.drain = new DrainService(this.registry, this.replica, this.options, runs);
    const status = new StatusWriter(this.launcher);
    const resumer = new RunResumer(this.launcher, status, this.drain);
    const registry = {
      get: (id: string) => this.agents.get(id),
      all: () => [...this.agents.values()],
      default: undefined,
    };
    const limits = new QueueLimits(runs, this.options, quotasOf(this.options));
    this.line = new QueuedTaskDispatcher(this.launcher, resumer, this.drain, limits, registry, { pollMs });
    this.followUps = new FollowUpStarter(this.launcher, resumer, limits, this.line);
    this.recovery = new RecoveryService(this.launcher, resumer, this.followUps, this.drain, registry);
    this.forgotten = new ForgottenTasks(this.launcher, resumer, this.drain, registry, this.stores.jobs);
    this.cursors = new DefaultTaskCursors(tasks, this.queues, this.bus, { pollMs });
    const quota = new StoredQuota(stores.tasks, new QuotaTable());
    this.starter = new TaskStarter(this.launcher, limits, this.line, quota, new EventHandlers());
    this.canceler = new TaskCanceler(this.launcher, status, this.cursors, { pollMs: 10 });
    this.listener = new RunListener(this.launcher, { pollMs });
  }

  agent(execute: Execute, options: Partial<A2aAgentOptions> & { cancel?: Execute } = {}): RegisteredAgent {
    const { cancel, ...rest } = options;
    return { ...fakeAgent('lab', rest), execute, ...(cancel && { cancel }) };
  }

  /** A task of `agent`, under way. */
  async start(agent: RegisteredAgent, text = 'go'): Promise<{ taskId: string; run: ActiveRun }> {
    await this.ready;
    const started = await this.starter.start(agent, { message: userMessage(text) }, 'digest', this.caller);
    if (started.kind !== 'started') throw new Error('The message was known.');
    return { taskId: started.task.id, run: started.run };
  }

  async task(taskId: string): Promise<Task> {
    const snapshot = await this.stores.tasks.get(this.caller, taskId);
    if (!snapshot) throw new Error(`There is no task ${taskId}.`);
    return snapshot.task;
  }

  async events(taskId: string): Promise<readonly CommittedEvent[]> {
    return (await this.stores.tasks.eventsAfter(this.caller, taskId, 0))?.events ?? [];
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    if (!(await this.registry.idle(60_000))) throw new Error('Runs did not end.');
  }

  async close(): Promise<void> {
    this.cursors.close();
    this.listener.onApplicationShutdown();
    await this.bus.close();
  }
}

const quotasOf = ({ maxRunsPerOwner, maxRunsPerTenant, maxWaitingPerOwner }: ExecutionOptions): QuotaTable =>
  new QuotaTable({
    owner: { runs: maxRunsPerOwner, waitingTasks: maxWaitingPerOwner },
    tenant: { runs: maxRunsPerTenant },
  });
