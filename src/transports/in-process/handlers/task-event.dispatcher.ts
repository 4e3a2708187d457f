import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { FailureLog } from '../../../common/failure-log.js';
import { listen } from '../../../common/listen.js';
import { SafeLogger } from '../../../common/safe-logger.js';
import { EVENT_BUS, type EventBus, type TaskWake } from '../../../events/event-bus.interface.js';
import { EventPublisher, type TaskKey } from '../../../events/event-publisher.js';
import { retryWhileUnavailable } from '../../../execution/retry-while-unavailable.js';
import { systemContextOf } from '../../../execution/system-context.js';
import type { TaskEvent } from '../../../protocol/model/index.js';
import { type EventHandler, EventHandlers } from '../../../push-notifications/event-handlers.js';
import type { CommittedEvent } from '../../../tasks/committed-event.js';
import { TASK_STORE, type TaskStore } from '../../../tasks/task-store.interface.js';
import type { InProcessCaller } from '../a2a-tasks.js';
import type { HandledTaskEvent, OnTaskEventOptions, TaskEventHandler } from './on-task-event.decorator.js';
import { type DiscoveredHandler, TaskEventExplorer } from './task-event.explorer.js';
import { TaskEventFeed } from './task-event.feed.js';

/** Time that the next event of a task waits for a handler, in ms. */
const HANDLER_MS = 30_000;
/** Time at shutdown to pass on what was committed, in ms. */
const DRAIN_MS = 5_000;
const PAGE = { limit: 64, maxBytes: 256 * 1024 };
/** Tasks per query. */
const GAP_PAGE = 1_000;

/**
 * Calls the methods with `@OnTaskEvent()`: with what this process commits, and with what others commit, of which the bus tells. Those that
 * one process of the cluster calls it leaves to the outbox. It does nothing at all if there are no such methods.
 */
@Injectable()
export class TaskEventDispatcher implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new SafeLogger('OnTaskEvent');
  readonly #reads = new FailureLog(this.#log, {
    failed: 'Cannot read the events of tasks for their handlers',
    recovered: 'The events of tasks can be read again.',
  });
  readonly #feed = new TaskEventFeed({
    read: (task, after) => this.#read(task, after),
    deliver: (task, event) => this.#deliver(task, event),
    lost: ({ taskId }, reason) => this.#log.warn(`Handlers miss events of task ${taskId}.`, reason),
  });
  #handlers: readonly DiscoveredHandler[] = [];
  #leave: (() => void)[] = [];
  #stopping = false;

  constructor(
    private readonly explorer: TaskEventExplorer,
    private readonly publisher: EventPublisher,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
    @Inject(TASK_STORE) private readonly store: TaskStore,
    private readonly delivered: EventHandlers,
  ) {}

  /** When this is over, tasks may be created and deliveries begin. */
  onModuleInit(): void {
    const found = this.explorer.explore();
    this.#handlers = found.filter(({ options }) => !options.once);
    this.delivered.set(found.filter(({ options }) => options.once).map(asDelivered));
  }

  onApplicationBootstrap(): void {
    if (this.#handlers.length === 0) return;
    this.#leave = [
      listen(
        this.publisher.committed$,
        ({ task, events }) => {
          if (this.#wants(task)) this.#feed.committed(task, events);
        },
        this.#log,
      ),
      this.bus.onWake((wakes) => wakes.forEach((wake) => this.#heard(wake))),
      this.bus.onGap(() => void this.#reads.attempt(() => this.#catchUp())),
    ];
  }

  /** After the runs have ended, and before the stores are closed. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    for (const leave of this.#leave.splice(0)) leave();
    await this.#feed.stop(DRAIN_MS);
  }

  #heard({ taskId, seq, news }: TaskWake): void {
    if (!news) return this.#feed.heard(taskId, seq);
    const { after, owner, tenant, agent } = news;
    if (this.#wants(news)) this.#feed.heard(taskId, seq, { task: { taskId, owner, tenant, agent }, after });
  }

  /** Wakes may have been lost: asks about all tasks that are known. */
  async #catchUp(): Promise<void> {
    const { tasks } = this.#feed;
    for (let from = 0; from < tasks.length; from += GAP_PAGE) {
      const seqs = await this.store.lastSeqs(tasks.slice(from, from + GAP_PAGE));
      for (const [taskId, seq] of seqs) this.#feed.heard(taskId, seq);
    }
  }

  #wants({ agent }: Pick<TaskKey, 'agent'>): boolean {
    return this.#handlers.some(({ options }) => options.agent === undefined || options.agent === agent);
  }

  #read(task: TaskKey, after: number) {
    const context = systemContextOf(task);
    return retryWhileUnavailable(
      () => this.store.eventsAfter(context, task.taskId, after, PAGE),
      () => this.#stopping,
    );
  }

  async #deliver(task: TaskKey, event: CommittedEvent): Promise<void> {
    const called = this.#handlers.filter(({ options }) => matches(options, task, event));
    await Promise.all(called.map((handler) => this.#call(handler, task, event)));
  }

  /** Never rejects. */
  async #call({ name, handle }: DiscoveredHandler, task: TaskKey, event: CommittedEvent): Promise<void> {
    const { taskId, owner, tenant, agent } = task;
    const which = `event ${event.seq} of task ${taskId}`;
    const limit = new AbortController();
    const handled = handledBy(handle, event, { agent, owner, tenant }).catch((error: unknown) =>
      this.#log.error(`${name} failed with ${which}.`, error),
    );
    const late = sleep(HANDLER_MS, true, { signal: limit.signal, ref: false }).catch(() => false);
    if ((await Promise.race([handled, late])) === true) {
      this.#log.warn(
        `${name} has not finished with ${which} after ${HANDLER_MS / 1000} s; the next event no longer waits.`,
      );
    }
    limit.abort();
  }
}

/** Also what it throws at once is a rejection. */
const handledBy = async (handle: TaskEventHandler, event: CommittedEvent, caller: InProcessCaller): Promise<unknown> =>
  handle(handledEvent(event), caller);

const asDelivered = ({ name, options, handle }: DiscoveredHandler): EventHandler => ({
  name,
  ...(options.agent !== undefined && { agent: options.agent }),
  handle: async (event, { owner, tenant, agent }) => {
    if (matches(options, { agent }, event)) await handledBy(handle, event, { agent, owner, tenant });
  },
});

function matches(
  { agent, states, kinds }: OnTaskEventOptions,
  task: Pick<TaskKey, 'agent'>,
  { state, kind }: CommittedEvent,
): boolean {
  if (agent !== undefined && agent !== task.agent) return false;
  if (kinds && !kinds.includes(kind)) return false;
  return states === undefined || (state !== undefined && states.includes(state));
}

const handledEvent = ({ taskId, contextId, seq, kind, state, text }: CommittedEvent): HandledTaskEvent => ({
  taskId,
  contextId,
  seq,
  kind,
  ...(state !== undefined && { state }),
  event: JSON.parse(text) as TaskEvent,
});
