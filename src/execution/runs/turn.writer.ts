import { SafeLogger } from '../../common/safe-logger.js';

import type { EventPublisher } from '../../events/event-publisher.js';
import { type PendingEvent, pendingEvent } from '../../tasks/pending-event.js';
import { answersBlocking } from '../../tasks/result-aggregator.js';
import type { AppendResult, TaskStore } from '../../tasks/task-store.interface.js';
import type { TaskManager } from '../../tasks/task.manager.js';
import type { TaskView } from '../../tasks/task-view.js';
import type { Turn } from './turn.js';
import type { TurnObserver } from './turn.observer.js';
import { statusFromOutcome } from './turn-outcome.js';
import { statusNow } from '../../tasks/status-clock.js';

const log = new SafeLogger('TurnWriter');

type Refusal = Extract<AppendResult, { ok: false }>;

/** Rows and bytes of one append of one run. A commit may combine those of many runs. */
const MAX_BATCH_ITEMS = 512;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/**
 * The one writer of a task: appends what its turns emit, and shows readers only what is committed. `onAnswer` is called when a commit
 * answers a blocking caller of the turn, with the seq of the event that does.
 */
export class TurnWriter {
  constructor(
    private readonly ports: { store: TaskStore; publisher: EventPublisher },
    private readonly manager: TaskManager,
    private readonly view: TaskView,
  ) {}

  /** Writes a turn to its end. False: this run no longer owns the task, or the storage stayed unavailable. */
  async write(turn: Turn, onAnswer: (seq: number) => void, observer?: Pick<TurnObserver, 'stored'>): Promise<boolean> {
    try {
      for (;;) {
        const batch = await turn.consumer.nextBatch(MAX_BATCH_ITEMS, MAX_BATCH_BYTES);
        if (!batch) return true;
        const refused = await this.#store(batch, onAnswer);
        if (!refused) {
          observer?.stored();
          continue;
        }
        if (refused.reason === 'invalid') await this.#failed(refused.cause);
        turn.lose();
        return refused.reason === 'invalid';
      }
    } catch (error) {
      log.error(`The events of task ${this.manager.run.taskId} could not be stored; the run is given up.`, error);
      turn.lose();
      return false;
    }
  }

  /**
   * Stores a batch. If the storage refuses its content, the batch is halved until the invalid event is alone, so that those before it are
   * stored. Returns why the rest was refused.
   */
  #store(batch: readonly PendingEvent[], onAnswer: (seq: number) => void): Promise<Refusal | undefined> {
    return this.append(batch).then((result) => {
      if (!result.ok) return this.#storeHalves(batch, result, onAnswer);
      const answer = result.events.find(({ state }) => state !== undefined && answersBlocking(state));
      if (answer) onAnswer(answer.seq);
      return undefined;
    });
  }

  async #storeHalves(
    batch: readonly PendingEvent[],
    refused: Refusal,
    onAnswer: (seq: number) => void,
  ): Promise<Refusal | undefined> {
    if (refused.reason !== 'invalid' || batch.length === 1) return refused;
    const half = batch.length >> 1;
    return (await this.#store(batch.slice(0, half), onAnswer)) ?? this.#store(batch.slice(half), onAnswer);
  }

  /** One append, published after its commit. */
  append(events: readonly PendingEvent[], consumes?: string): Promise<AppendResult> {
    const { manager } = this;
    const append = { run: manager.run, firstSeq: manager.lastSeq + 1, events, consumes };
    return this.ports.store.append(append).then((result) => {
      if (result.ok) {
        manager.lastSeq += result.events.length;
        this.view.apply(result.events);
        this.ports.publisher.publish(manager.run, result.events);
      }
      return result;
    });
  }

  /** The storage refuses what the agent wrote: the task fails rather than hang. */
  async #failed(cause: unknown): Promise<void> {
    const { run } = this.manager;
    log.error(`The storage refuses an event of task ${run.taskId}; the task fails.`, cause);
    const text = 'The agent produced an event that cannot be stored.';
    const status = statusFromOutcome({ state: 'TASK_STATE_FAILED', reason: 'INVALID_EVENT', text }, run);
    await this.append([
      pendingEvent({
        statusUpdate: {
          taskId: run.taskId,
          contextId: run.contextId,
          status: { ...status, timestamp: statusNow() },
        },
      }),
    ]);
  }
}
