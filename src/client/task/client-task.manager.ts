import { isObject } from '../../common/is-object.js';
import { cloneJson } from '../../protocol/clone-json.js';
import { printable } from '../../protocol/errors/index.js';
import { TaskFold } from '../../protocol/fold/task-fold.js';
import type { Message, StreamResponse, Task, TaskEvent } from '../../protocol/model/index.js';
import { isTerminal } from '../../protocol/state/task-state.js';
import { streamResponseFromV03, type V03StreamResponse } from '../../protocol/v0-3/index.js';
import { MESSAGES } from '../../protocol/messages/messages.js';
import { v10Decoder } from '../../protocol/v1-0/index.js';
import {
  A2AClientInvalidArgsError,
  A2AClientInvalidStateError,
  A2AClientJSONError,
  A2AClientLimitError,
} from '../errors/client.errors.js';
import { checkAnswer } from '../transport/answer.check.js';
import { type EventIds, idsOf, taskBefore } from './received-event.js';

/** Default limit of one manager, in characters of JSON: 64 Mi, the limit of a task on this server. */
const MAX_CHARACTERS = 64 * 1024 * 1024;

/** What a `ClientTaskManager` begins with. */
export interface ClientTaskManagerOptions {
  /** A task that is already known; it is copied. */
  task?: Task;
  /** The expected task; events of others are refused. Default: the task of the first event. */
  taskId?: string;
  contextId?: string;
  /** Characters of JSON of all events since the last snapshot. Default 67,108,864. */
  maxCharacters?: number;
}

/**
 * Builds a Task from what a client receives, event by event: the same Task that `GetTask` would return. Use one manager per task, for all
 * its streams and turns.
 *
 * `seq` is the number that this server gives an event (the `id` of its server-sent event). With it a repeated event changes nothing, and a
 * missing one is an error. Without it each event is applied.
 */
export class ClientTaskManager {
  #fold?: TaskFold;
  #taskId?: string;
  #contextId?: string;
  #lastSeq?: number;
  #characters = 0;
  readonly #messages: Message[] = [];
  readonly #max: number;

  constructor({ task, taskId, contextId, maxCharacters = MAX_CHARACTERS }: ClientTaskManagerOptions = {}) {
    this.#max = maxCharacters;
    this.#taskId = idOf('taskId', taskId);
    this.#contextId = idOf('contextId', contextId);
    if (task) this.process({ task });
  }

  get taskId(): string | undefined {
    return this.#taskId;
  }

  get contextId(): string | undefined {
    return this.#contextId;
  }

  /** Seq of the last event that was applied with one: send it as Last-Event-ID to resume. */
  get lastSeq(): number | undefined {
    return this.#lastSeq;
  }

  /** Answers that were a Message and not a task, in order. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** The task so far; undefined before its first event. The next event changes it, so copy what you want to keep. */
  getTask(): Task | undefined {
    return this.#fold?.task;
  }

  /** @throws A2AClientInvalidStateError before the first event of the task. */
  getTaskOrThrow(): Task {
    const task = this.getTask();
    if (!task) throw new A2AClientInvalidStateError('No current Task: no event of one has been received.');
    return task;
  }

  /**
   * Applies an event of v1.0 or of v0.3 (recognised by its `kind`). True when it changed something: false for a repeated event, and for one
   * that comes after the task has ended.
   * @throws A2AClientInvalidArgsError for an event of another task or context; A2AClientInvalidStateError for a gap in the seqs, for a
   * Message after events of a task, or the other way round; A2AClientLimitError; A2AClientJSONError for an object that the protocol does
   * not define. After an error nothing has changed.
   */
  process(received: StreamResponse | V03StreamResponse, seq?: number): boolean {
    const event = canonical(received);
    if ('message' in event) return this.#addMessage(event.message);
    return this.saveTaskEvent(event, seq);
  }

  /** `process` for task events only. A Task in the middle is a snapshot: it replaces everything before it. */
  saveTaskEvent(event: TaskEvent, seq?: number): boolean {
    if (this.#messages.length > 0) {
      throw new A2AClientInvalidStateError('The agent answered with a Message: no event of a task can follow.');
    }
    const { taskId, contextId } = this.#checked(event);
    if (seq !== undefined && !this.#isNext(event, seq)) return false;
    const changed = 'task' in event ? this.#replace(event.task) : this.#apply(event);
    this.#taskId = taskId;
    this.#contextId ||= contextId;
    if (seq !== undefined) this.#lastSeq = seq;
    return changed;
  }

  /**
   * Adds a message that the client sends to the task to its history, after that of the status it answers, as the server does.
   * @throws A2AClientInvalidStateError without a task.
   */
  updateWithMessage(message: Message): Task {
    const task = this.getTaskOrThrow();
    this.#grow(message);
    const { message: asked, ...status } = task.status;
    (task.history ??= []).push(...(asked ? [asked] : []), message);
    task.status = status;
    return task;
  }

  #addMessage(message: Message): boolean {
    if (this.#fold) {
      throw new A2AClientInvalidStateError('The agent sent a Message after events of a task.');
    }
    this.#grow(message);
    this.#messages.push(message);
    return true;
  }

  /** The ids of the event, after checking that they belong to this task. */
  #checked(event: TaskEvent): EventIds {
    const { taskId, contextId } = idsOf(event);
    if (this.#taskId !== undefined && taskId !== this.#taskId) {
      throw new A2AClientInvalidArgsError(
        'task' in event
          ? `Task is already set (${printable(this.#taskId)}), create new manager for new tasks: ${printable(taskId)} came.`
          : `An event of task ${printable(taskId)} came, but this is task ${printable(this.#taskId)}.`,
      );
    }
    if (this.#contextId && contextId !== '' && contextId !== this.#contextId) {
      throw new A2AClientInvalidArgsError(
        `An event of context ${printable(contextId)} came, but this is context ${printable(this.#contextId)}.`,
      );
    }
    return { taskId, contextId };
  }

  /** A snapshot may skip seqs, since it contains what was skipped. */
  #isNext(event: TaskEvent, seq: number): boolean {
    const last = this.#lastSeq ?? (this.#fold ? undefined : 0);
    if (last === undefined || ('task' in event && seq > last)) return true;
    if (seq <= last) return false;
    if (seq > last + 1) {
      throw new A2AClientInvalidStateError(`Event ${seq} came after event ${last}: subscribe again from ${last}.`);
    }
    return true;
  }

  #replace(given: Task): boolean {
    const current = this.#fold?.task;
    if (current && isTerminal(current.status.state) && !isTerminal(given.status.state)) return false;
    const characters = sizeOf(given);
    this.#limit(characters);
    this.#fold = new TaskFold(cloneJson(given));
    this.#characters = characters;
    return true;
  }

  #apply(event: Exclude<TaskEvent, { task: unknown }>): boolean {
    if (this.#fold && isTerminal(this.#fold.task.status.state)) return false;
    this.#grow(event);
    this.#fold ??= new TaskFold(taskBefore(event));
    this.#fold.apply(event);
    return true;
  }

  #grow(by: object): void {
    const characters = this.#characters + sizeOf(by);
    this.#limit(characters);
    this.#characters = characters;
  }

  #limit(characters: number): void {
    if (characters <= this.#max) return;
    throw new A2AClientLimitError(`The task has more than ${this.#max} characters of JSON, the limit of this client.`);
  }
}

const sizeOf = (value: object): number => JSON.stringify(value).length;

function idOf(name: string, id: string | undefined): string | undefined {
  if (id === undefined || (typeof id === 'string' && id !== '')) return id;
  throw new A2AClientInvalidArgsError(`${name} must be a non-empty string.`);
}

function canonical(received: unknown): StreamResponse {
  if (!isObject(received) || !('kind' in received))
    return checkAnswer('StreamResponse', v10Decoder.of(MESSAGES.StreamResponse)(received));
  const event = streamResponseFromV03(received);
  if (event) return checkAnswer('StreamResponse', event);
  const { kind } = received;
  throw new A2AClientJSONError(
    `${typeof kind === 'string' ? `'${printable(kind)}'` : 'What the event has'} is no kind of event.`,
  );
}
