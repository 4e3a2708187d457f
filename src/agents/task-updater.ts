import { newId } from '../protocol/ids.js';
import { invalidAgentResponse } from '../protocol/errors/index.js';
import type { JsonObject, Message, Part, TaskState } from '../protocol/model/index.js';
import { eventViolations } from '../protocol/validation/event-violations.js';
import { isTerminal } from '../protocol/state/task-state.js';
import type { AgentEventDraft, MessageDraft } from './agent-event-draft.js';
import { EventLoopTurns } from '../common/event-loop-turns.js';
import { fillAgentEvent } from './agent-event.filler.js';
import type { AgentEvent, AgentEventSink } from './agent-executor.interface.js';
import { InvalidAgentEventError } from './invalid-agent-event.error.js';
import { SplitPairs } from './split-pairs.js';
import { withMembers } from '../common/with-members.js';

/** Of the methods of `TaskUpdater` that change the state. */
export interface StatusOptions {
  metadata?: JsonObject;
  /** RFC 3339; default now. */
  timestamp?: string;
}

/** Of `TaskUpdater.addArtifact`. */
export interface ArtifactOptions {
  /** Default: a new id. Required with `append`. */
  artifactId?: string;
  name?: string;
  description?: string;
  metadata?: JsonObject;
  extensions?: string[];
  append?: boolean;
  lastChunk?: boolean;
}

/** Of `TaskUpdater.appendArtifact`. */
export type AppendOptions = Omit<ArtifactOptions, 'append' | 'artifactId'>;

/** A status message: a Message (its ids may be left out), its parts, or plain text. */
export type StatusMessage = MessageDraft | Part[] | string;

/** Limit of events that wait for the sink. It matters for agents that do not await the methods. */
const MAX_PENDING = 1024;

const SETTLED = Promise.resolve();

/**
 * How an agent reports. Every verb resolves when the event is accepted (it waits while the run's queue is full: that is the
 * back-pressure), and rejects once the task has a terminal state, was answered with a Message, or the run is over.
 *
 * Events are accepted in the order of the calls, also of calls that are not awaited; then at most 1024 (`maxPending`) wait
 * and further ones reject with INVALID_AGENT_RESPONSE. An event that breaks the rules of requests (a `metadata` that is no object,
 * `raw` that is no base64) rejects with an InvalidAgentEventError, a TypeError that names the member. A verb nobody awaits never becomes an unhandled rejection. What is passed
 * in must not be changed until its verb resolves.
 */
export class TaskUpdater {
  #ended?: string;
  #last: Promise<unknown> = SETTLED;
  #pending = 0;
  #sent = 0;
  readonly #pairs = new SplitPairs();
  readonly #turns = new EventLoopTurns();

  constructor(
    private readonly sink: AgentEventSink,
    readonly taskId: string,
    readonly contextId: string,
    private readonly maxPending = MAX_PENDING,
  ) {}

  /** True after this run has sent a terminal state or a Message: every method rejects from now on. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  submit(message?: StatusMessage, options?: StatusOptions): Promise<void> {
    return this.updateStatus('TASK_STATE_SUBMITTED', message, options);
  }

  startWork(message?: StatusMessage, options?: StatusOptions): Promise<void> {
    return this.updateStatus('TASK_STATE_WORKING', message, options);
  }

  complete(message?: StatusMessage, options?: StatusOptions): Promise<void> {
    return this.updateStatus('TASK_STATE_COMPLETED', message, options);
  }

  failed(message?: StatusMessage, options?: StatusOptions): Promise<void> {
    return this.updateStatus('TASK_STATE_FAILED', message, options);
  }

  reject(message?: StatusMessage, options?: StatusOptions): Promise<void> {
    return this.updateStatus('TASK_STATE_REJECTED', message, options);
  }

  cancel(message?: StatusMessage, options?: StatusOptions): Promise<void> {
    return this.updateStatus('TASK_STATE_CANCELED', message, options);
  }

  /** Asks the client for input. Return from `execute` afterwards: the answer starts the next turn. */
  requiresInput(message?: StatusMessage, options?: StatusOptions): Promise<void> {
    return this.updateStatus('TASK_STATE_INPUT_REQUIRED', message, options);
  }

  requiresAuth(message?: StatusMessage, options?: StatusOptions): Promise<void> {
    return this.updateStatus('TASK_STATE_AUTH_REQUIRED', message, options);
  }

  updateStatus(state: TaskState, message?: StatusMessage, options: StatusOptions = {}): Promise<void> {
    const { metadata, timestamp } = options;
    const status = {
      state,
      ...(message !== undefined && { message: toMessage(message) }),
      ...(timestamp !== undefined && { timestamp }),
    };
    return this.#send({ statusUpdate: { status, ...(metadata && { metadata }) } }, undefined);
  }

  /** Adds an artifact, or replaces the one of that id (with `append`: adds to it). Resolves with its id. */
  addArtifact(parts: Part[] | string, options: ArtifactOptions = {}): Promise<string> {
    const { append, lastChunk, artifactId = append ? undefined : newId(), ...fields } = options;
    const own = artifactId === undefined ? { parts: toParts(parts) } : { artifactId, parts: toParts(parts) };
    const artifact = withMembers(fields, own);
    const update = { artifact, ...(append && { append }), ...(lastChunk && { lastChunk }) };
    return this.#send({ artifactUpdate: update }, artifactId as string);
  }

  /** Adds parts to the artifact of that id; makes it if it is not there. With `[]` and `lastChunk` it only closes it. */
  appendArtifact(artifactId: string, parts: Part[] | string, options: AppendOptions = {}): Promise<void> {
    const { lastChunk, ...fields } = options;
    const artifact = withMembers(fields, { artifactId, parts: toParts(parts) });
    return this.emit({ artifactUpdate: { artifact, append: true, ...(lastChunk && { lastChunk }) } });
  }

  /** Builds, but does not send, a message of this task's agent. */
  newAgentMessage(parts: Part[] | string, metadata?: JsonObject): Message {
    const { taskId, contextId } = this;
    return {
      messageId: newId(),
      taskId,
      contextId,
      role: 'ROLE_AGENT',
      parts: toParts(parts),
      ...(metadata && { metadata }),
    };
  }

  /** Answers with a Message instead of a task: for agents with `replies: 'message'` or `'either'`, as their first and only event. */
  reply(message: StatusMessage): Promise<void> {
    return this.emit({ message: toMessage(message) });
  }

  /** Sends any event in its wire form; absent ids and timestamps are filled in. */
  emit(event: AgentEventDraft): Promise<void> {
    return this.#send(event, undefined);
  }

  /** Sends text that waits for the rest of its last character. The run calls it when the agent has returned. */
  flush(): Promise<unknown> | void {
    if (this.#ended) return;
    const waiting = this.#pairs.rest().map((chunk) => this.#inOrder(chunk));
    if (waiting.some((accepted) => accepted)) return Promise.all(waiting);
  }

  /** Resolves when every event of the calls made so far was accepted or refused; never rejects. Returns nothing if all were. */
  settled(): Promise<unknown> | void {
    if (this.#pending > 0) return this.#last;
  }

  /** A promise whose rejection is reported only to those who await it. */
  #send<T>(event: AgentEventDraft, result: T): Promise<T> {
    let waiting: Promise<unknown> | void;
    try {
      waiting = this.#accept(event);
    } catch (error) {
      waiting = Promise.reject(error);
    }
    // The usual case costs one promise.
    if (!waiting) return Promise.resolve(result);
    const accepted = waiting.then(() => result);
    accepted.catch(ignored);
    return accepted;
  }

  /** Returns nothing when the event is accepted at once. @throws what makes it wrong */
  #accept(draft: AgentEventDraft): Promise<unknown> | void {
    if (this.#ended)
      throw this.#late(invalidAgentResponse(`Task ${this.taskId} ${this.#ended}: it takes no more events.`));
    const event = this.#pairs.join(fillAgentEvent(draft, this));
    if (event === undefined) return;
    const violations = eventViolations(event);
    if (violations.length > 0) throw new InvalidAgentEventError(violations);
    if ('message' in event && this.#sent > 0) {
      throw invalidAgentResponse(
        'The agent sent a Message after an event of its task: use a status message or an artifact.',
      );
    }
    if (this.#pending >= this.maxPending) {
      throw invalidAgentResponse(
        `${this.#pending} events of task ${this.taskId} wait to be accepted: await the methods of the updater.`,
      );
    }
    const ending = endingOf(event);
    if (!('artifactUpdate' in event)) for (const chunk of this.#pairs.rest()) this.#inOrder(chunk)?.catch(ignored);
    this.#ended = ending;
    this.#sent++;
    const refused = (error: unknown): never => {
      this.#sent--;
      if (ending) this.#ended = undefined;
      throw error;
    };
    return this.#inOrder(event)?.then(() => this.#turns.turn(), refused) ?? this.#turns.turn();
  }

  /** The agent may no longer listen, so it need not be notified. */
  #late<E extends Error>(error: E): E {
    this.sink.refusedLate?.();
    return error;
  }

  /** Never throws. Returns nothing when the event is accepted at once. */
  #inOrder(event: AgentEvent): Promise<void> | void {
    const accepted = this.#pending === 0 ? this.#emit(event) : this.#last.then(() => this.#emit(event));
    if (!accepted) return;
    this.#pending++;
    const settle = (): void => void this.#pending--;
    this.#last = accepted.then(settle, settle);
    return accepted;
  }

  #emit(event: AgentEvent): Promise<void> | void {
    try {
      return this.sink.emit(event);
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

function endingOf(event: AgentEvent): string | undefined {
  if ('message' in event) return 'was answered with a Message';
  const status = 'statusUpdate' in event ? event.statusUpdate.status : 'task' in event ? event.task.status : undefined;
  return status && isTerminal(status.state) ? `has ended (${status.state})` : undefined;
}

const toParts = (parts: Part[] | string): Part[] => (typeof parts === 'string' ? [{ text: parts }] : parts);

const toMessage = (message: StatusMessage): MessageDraft =>
  typeof message === 'string' || Array.isArray(message) ? { parts: toParts(message) } : message;

const ignored = (): void => undefined;
