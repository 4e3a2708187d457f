import { Inject, Injectable } from '@nestjs/common';
import { MAX_TIMER_MS } from '../../common/number-options.js';
import { taskNotCancelable, taskNotFound, unavailable } from '../../protocol/errors/index.js';
import { isTerminal } from '../../protocol/state/task-state.js';
import type { TaskState } from '../../protocol/model/index.js';
import { BUS_OPTIONS, type BusOptions } from '../../events/bus/bus.options.js';
import { TASK_CURSORS, type TaskCursors } from '../../events/task-cursor.interface.js';
import type { CallContext } from '../../security/call-context.js';
import type { TaskRecord } from '../../tasks/task-record.js';
import { RunLauncher } from './run.launcher.js';
import { StatusWriter } from './status.writer.js';
import { outcomeFromAbort } from './turn-outcome.js';

/** Extra time for another replica to write the end, on top of the cancel limit, in ms. */
const MARGIN_MS = 1_000;
/** At worst both the request and the end are found by polling. */
const POLLS = 2;
/** Times that a task is taken to end it, when others take it over in between. */
const MOST_ATTEMPTS = 3;

/** Cancels tasks: asks the run, on whichever replica it is, and ends the task by force when nothing runs it or the run does not stop. */
@Injectable()
export class TaskCanceler {
  constructor(
    private readonly launcher: RunLauncher,
    private readonly status: StatusWriter,
    @Inject(TASK_CURSORS) private readonly cursors: TaskCursors,
    @Inject(BUS_OPTIONS) private readonly bus: Pick<BusOptions, 'pollMs'>,
  ) {}

  /**
   * Resolves when the task is canceled, by this or by another cancel at the same time. Throws TASK_NOT_FOUND; TASK_NOT_CANCELABLE when it
   * has ended, or ends in another way meanwhile; UNAVAILABLE when others take it over again and again.
   */
  async cancel(caller: CallContext, taskId: string): Promise<void> {
    const head = await this.launcher.ports.runs.requestCancel(caller, taskId);
    if (!head) throw taskNotFound(taskId);
    if (isTerminal(head.state)) throw ended(taskId, head.state);
    const run = this.launcher.registry.get(taskId);
    if (run) run.cancel();
    else this.launcher.ports.bus.wake([{ taskId, seq: head.lastSeq, forOwner: true }]);
    // Nothing runs it, or no longer: its run ended between the two reads.
    const idle = head.runOwner === undefined || (head.runOwner === this.launcher.replica.id && !run);
    const state = idle ? await this.#force(caller, head) : await this.#obeyed(caller, head);
    if (state !== 'TASK_STATE_CANCELED') throw ended(taskId, state);
  }

  /** Waits for the run to end the task. A run that is gone or does not stop loses its right to write. */
  async #obeyed(caller: CallContext, head: TaskRecord): Promise<TaskState> {
    const limitMs = this.launcher.options.cancelTimeoutMs + POLLS * this.bus.pollMs + MARGIN_MS;
    return (await this.#endWithin(limitMs, caller, head)) ?? this.#force(caller, head);
  }

  /** The state in which the task ends. undefined: it has not ended in time. */
  async #endWithin(ms: number, context: CallContext, { taskId, lastSeq }: TaskRecord): Promise<TaskState | undefined> {
    const signal = AbortSignal.timeout(Math.min(ms, MAX_TIMER_MS));
    const events = this.cursors.open({ context, taskId, afterSeq: lastSeq, endsAt: isTerminal, signal });
    for await (const batch of events) {
      const last = batch.at(-1);
      if (last?.type === 'event' && last.event.state && isTerminal(last.event.state)) return last.event.state;
      if (last?.type === 'snapshot' && isTerminal(last.document.state)) return last.document.state;
    }
    return undefined;
  }

  /** Another replica that takes the task over meanwhile may be canceling it, too: then its end is this cancel's. */
  async #force(caller: CallContext, head: TaskRecord): Promise<TaskState> {
    const { byTask } = this.launcher.registry;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      // This process owns the task for a moment; no scan may find it without a run.
      const forced = await byTask.runExclusive(head.taskId, () => this.#forceNow(caller, head.taskId));
      const state = forced ?? (await this.#endWithin(this.bus.pollMs + MARGIN_MS, caller, head));
      if (state) return state;
    }
    throw unavailable('The task was taken over while it was canceled. Try again.');
  }

  /** undefined: another process has taken the task over. */
  async #forceNow(caller: CallContext, taskId: string): Promise<TaskState | undefined> {
    const { store, runs } = this.launcher.ports;
    const seized = await runs.forceClaim(caller, taskId, this.launcher.replica.id);
    if (seized && (await this.status.end(seized, outcomeFromAbort('canceled')))) return 'TASK_STATE_CANCELED';
    const now = await store.head(caller, taskId);
    if (!now) throw taskNotFound(taskId);
    return isTerminal(now.state) ? now.state : undefined;
  }
}

const ended = (taskId: string, state: TaskState) => taskNotCancelable(taskId, `it has ended (${state}).`);
