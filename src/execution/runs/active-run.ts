import { isUnavailable } from '../../protocol/errors/index.js';
import type { LogFields } from '../../common/logging/log-context.js';
import { SafeLogger } from '../../common/safe-logger.js';

import type { RunAborted } from '../../agents/agent-executor.interface.js';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import type { Task } from '../../protocol/model/index.js';
import { isInterrupted } from '../../protocol/state/task-state.js';
import type { InboxEntry } from '../../tasks/inbox-store.interface.js';
import type { PendingEvent } from '../../tasks/pending-event.js';
import { pendingEvent } from '../../tasks/pending-event.js';
import type { ClaimedRun, RequeueOptions, ReleaseResult } from '../../tasks/run-store.interface.js';
import type { RunRef } from '../../tasks/task-record.js';
import { TaskManager } from '../../tasks/task.manager.js';
import { TaskView } from '../../tasks/task-view.js';
import { turnRequest } from '../../tasks/turn-request.js';
import type { RunSlot } from '../queue/run.slots.js';
import type { ExecutionOptions } from '../execution.options.js';
import type { RunPorts } from './run-ports.js';
import { retryDelay } from '../recovery/retry.policy.js';
import { referencedTasksOf } from './referenced-tasks.js';
import { Turn, type TurnFields } from './turn.js';
import { TurnDeadlines } from './turn.deadlines.js';
import { outcomeFromAbort, statusFromOutcome } from './turn-outcome.js';
import { TurnObserver } from './turn.observer.js';
import { TurnWriter } from './turn.writer.js';
import { retryWhileUnavailable } from '../retry-while-unavailable.js';
import { statusNow } from '../../tasks/status-clock.js';
import { withMembers } from '../../common/with-members.js';

const log = new SafeLogger('ActiveRun');

/** Time for an agent to end by itself after the signal when its run is requeued, in ms. */
const HAND_OVER_MS = 2_000;

/** The message of the first turn is known. Later ones come from the inbox. */
export interface RunStart {
  readonly claimed: ClaimedRun;
  /** The task as of `claimed.lastSeq`, if it is already loaded. */
  readonly task?: Task;
  readonly first?: TurnFields;
}

/** A task that this process runs: turn after turn, until it ends, waits for its client with an empty inbox, or is lost. */
export class ActiveRun {
  readonly #manager: TaskManager;
  readonly #writer: TurnWriter;
  readonly view: TaskView;
  readonly taskId: string;
  readonly contextId: string;
  /** The right to write that this run holds. */
  readonly ref: RunRef;
  #turn?: Turn;
  #stopped?: RunAborted['why'];
  /** For the logs of the present turn. */
  #fields: LogFields;
  /** Whether the storage may still name this run as the owner when it is over. */
  lost = true;
  #answer!: (seq?: number) => void;
  /** Resolves with the seq of the first commit that answers the run's first message, or with undefined when the run ends without one. */
  readonly answered = new Promise<number | undefined>((resolve) => (this.#answer = resolve));

  constructor(
    readonly agent: RegisteredAgent,
    private readonly start: RunStart,
    private readonly ports: RunPorts,
    private readonly options: ExecutionOptions,
    /** The run's slot. */
    readonly place?: RunSlot,
  ) {
    const { claimed, task } = start;
    this.ref = claimed.run;
    this.taskId = claimed.run.taskId;
    this.contextId = claimed.run.contextId;
    this.#fields = fieldsOf(claimed.run);
    this.#manager = new TaskManager(claimed.run, claimed, options);
    this.view = new TaskView(task);
    this.#writer = new TurnWriter(ports, this.#manager, this.view);
  }

  /** Seq of the last event known to be committed. */
  get lastSeq(): number {
    return this.#manager.lastSeq;
  }

  cancel(): void {
    this.#stopped ??= 'canceled';
    // The agent's own `cancel` is a part of the turn, not of the request to cancel.
    this.ports.scopes.within(this.#fields, () => this.#stopTurn('canceled'));
  }

  /** Ends the current turn and starts no other. */
  stop(why: 'drain' | 'lost-ownership'): void {
    if (why === 'lost-ownership') this.#stopped = why;
    else this.#stopped ??= why;
    this.#stopTurn(why);
  }

  /** Runs until ownership ends. Never rejects. */
  run(): Promise<void> {
    return this.ports.scopes.within(this.#fields, () => this.#run());
  }

  async #run(): Promise<void> {
    try {
      let { turn, attempt, failures } = this.start.claimed;
      let fields = this.start.first ?? (await this.#next(turn, attempt));
      while (fields && (await this.#runTurn(fields, failures))) {
        const left = this.#turn?.left;
        this.#turn = undefined;
        if (left) return await this.#requeue(left);
        this.lost = !this.#manager.terminal;
        if (this.#manager.terminal || !(await this.#goesOn(turn))) return;
        [turn, attempt, failures] = [turn + 1, 1, 0];
        fields = await this.#next(turn, attempt);
      }
    } catch (error) {
      log.error(`The run of task ${this.taskId} was given up.`, error instanceof Error ? error.stack : error);
      if (!this.#turn) await this.#startFailed(error).catch(() => undefined);
    } finally {
      this.#answer();
    }
  }

  async #runTurn(fields: TurnFields, failures: number): Promise<boolean> {
    const { metrics, tracing } = this.ports;
    const observer = new TurnObserver(this.agent, this.#manager, fields, metrics, tracing);
    const turn = (this.#turn = new Turn(this.agent, this.#manager, fields, failures, observer.span));
    const deadlines = new TurnDeadlines(turn, this.agent.options, this.options);
    try {
      if (this.#stopped) this.#stopTurn(this.#stopped);
      this.#fields = { request: fields.caller.request, ...fieldsOf(this.ref) };
      this.ports.scopes.within(this.#fields, () => void turn.execute());
      return (await this.#writer.write(turn, this.#answer, observer)) && !turn.lost;
    } finally {
      deadlines.clear();
      observer.end(turn);
    }
  }

  /** Requeues the task. If it is to be canceled, cancels it instead. */
  async #requeue(how: RequeueOptions): Promise<void> {
    const given = await this.#persist(() => this.ports.runs.requeue(this.#manager.run, how));
    this.lost = false;
    if (given === 'canceled') await this.#cancelNow();
    else if (given === 'waiting' && how.delayMs === 0) this.ports.bus.wakeQueue();
  }

  /** The agent was not called. An unavailable storage is not its failure. */
  async #startFailed(error: unknown): Promise<void> {
    if (this.#lost) return;
    if (isUnavailable(error)) return this.#requeue({ delayMs: 0 });
    const delayMs = retryDelay(this.agent, this.start.claimed.failures);
    if (delayMs !== undefined) await this.#requeue({ delayMs, failed: true });
  }

  #stopTurn(why: RunAborted['why']): void {
    if (why === 'canceled') this.#turn?.cancel(this.options.cancelTimeoutMs);
    else if (why === 'lost-ownership') this.#turn?.lose();
    else if (why === 'drain' && this.agent.options.resumable) this.#turn?.handOver(HAND_OVER_MS);
    else this.#turn?.abort(why, outcomeFromAbort(why));
  }

  /** After a turn: whether this run takes another message. If not, the task has no owner any more. */
  async #goesOn(turn: number): Promise<boolean> {
    const { run } = this.#manager;
    // Also when the lease is over: the turn has ended, and no other process may run it again.
    const released = await this.#release(() => false);
    if (released === 'inbox' && this.#stopped === 'drain') await this.#requeue({ delayMs: 0 });
    if (released !== 'inbox' || this.#stopped) return false;
    if (await this.#givesWay()) {
      await this.#requeue({ delayMs: 0, behind: true });
      return false;
    }
    if (!(await this.#persist(() => this.ports.runs.nextTurn(run, turn))) || this.#lost) return false;
    if (this.#stopped !== 'drain') return true;
    await this.#requeue({ delayMs: 0 });
    return false;
  }

  /** Whether others wait for the slot: then the next turn is queued as if it had just been requested. */
  async #givesWay(): Promise<boolean> {
    if (!this.place?.isWanted()) return false;
    // While the storage is unavailable, the next step waits for it.
    return (await this.ports.runs.countWaiting(1).catch(() => 0)) > 0;
  }

  get #lost(): boolean {
    return this.#stopped === 'lost-ownership';
  }

  /** Releases the task. If it is to be canceled, cancels it instead. */
  async #release(givenUp = () => this.#lost): Promise<ReleaseResult> {
    const released = await retryWhileUnavailable(() => this.ports.runs.release(this.#manager.run), givenUp);
    if (released !== 'inbox') this.lost = false;
    // Or it came too late for the turn, and before any reader could learn of it.
    if (released === 'canceled' || this.#stopped === 'canceled') await this.#cancelNow();
    return released;
  }

  async #cancelNow(): Promise<void> {
    const status = statusFromOutcome(outcomeFromAbort('canceled'), this.#manager.run);
    await this.#writer.append([this.#manager.status(status, false)]);
  }

  #persist<T>(work: () => Promise<T>): Promise<T> {
    return retryWhileUnavailable(work, () => this.#lost);
  }

  /** Consumes the next inbox message with the status event that carries it into the history. */
  async #next(turn: number, attempt: number): Promise<TurnFields | undefined> {
    const { run } = this.#manager;
    const entry = await this.#waiting();
    if (!entry) return undefined;
    const previousState = this.#manager.state;
    const appended = await this.#writer.append([this.#started(entry, turn)], entry.id);
    if (!appended.ok) return undefined;
    const caller = withMembers(run, { protocolVersion: '1.0' as const, requestedExtensions: [], ...entry.call });
    const [current, referencedTasks] = await Promise.all([
      this.#persist(() => this.ports.store.get(caller, run.taskId)),
      this.#persist(() => referencedTasksOf(this.ports.store, caller, entry.message, this.options.maxReferencedTasks)),
    ]);
    const { message, metadata, configuration } = entry;
    const request = { message, metadata, configuration, previousState };
    const { acceptedAt } = entry;
    return withMembers(request, { acceptedAt, currentTask: current?.task, referencedTasks, turn, attempt, caller });
  }

  /** The oldest waiting message. undefined: there is none, and the task has no owner any more. */
  async #waiting(): Promise<InboxEntry | undefined> {
    const { run } = this.#manager;
    for (;;) {
      const entry = await this.#persist(() => this.ports.inbox.peek(run));
      // No scan would find a working task without an owner.
      if (!entry && !isInterrupted(this.#manager.state)) return void (await this.#requeue({ delayMs: 0 }));
      if (entry || (await this.#release()) !== 'inbox') return entry;
    }
  }

  #started(entry: InboxEntry, turn: number): PendingEvent {
    const { taskId, contextId } = this.#manager.run;
    const status = { state: 'TASK_STATE_WORKING' as const, timestamp: statusNow() };
    const event = { statusUpdate: { taskId, contextId, status } };
    return this.#manager.take(pendingEvent(event, entry.message, turnRequest(turn, entry, this.#manager.state)), false);
  }
}

const fieldsOf = ({ agent, owner, tenant, taskId, contextId }: RunRef): LogFields => ({
  agent,
  owner,
  tenant,
  taskId,
  contextId,
});
