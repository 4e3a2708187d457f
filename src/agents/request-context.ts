import type { JsonObject, Message, SendMessageConfiguration, Task } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';

export interface RequestContextFields {
  taskId: string;
  contextId: string;
  message: Message;
  /** The task when the turn started, this message included in its history; undefined while nothing is stored (`replies: 'either'`). */
  currentTask?: Task | (() => Task);
  metadata?: JsonObject;
  configuration?: SendMessageConfiguration;
  /** Tasks that `message.referenceTaskIds` name and the caller may see. */
  referencedTasks: readonly Task[];
  signal: AbortSignal;
  turn: number;
  attempt: number;
  caller: CallContext;
  /** Default none. */
  activatedExtensions?: readonly string[];
}

/** The turn that an agent runs. */
export class RequestContext {
  readonly taskId: string;
  readonly contextId: string;
  readonly message: Message;
  #currentTask?: Task | (() => Task);
  /** Metadata of the request. */
  readonly metadata: JsonObject;
  readonly configuration: SendMessageConfiguration;
  readonly referencedTasks: readonly Task[];
  /** Aborted on cancel, deadlines, drain and lost ownership; its reason is a RunAborted. */
  readonly signal: AbortSignal;
  /** 1 for the first message of the task, +1 for each follow-up. */
  readonly turn: number;
  /** Starts of the turn: more than 1 if it is run again after a crash, a retry or a shutdown. */
  readonly attempt: number;
  readonly caller: CallContext;
  /** URIs of the extensions that the request asked for (A2A-Extensions) and the agent's card has; only these apply to the turn. */
  readonly activatedExtensions: readonly string[];

  constructor(fields: RequestContextFields) {
    this.taskId = fields.taskId;
    this.contextId = fields.contextId;
    this.message = fields.message;
    this.#currentTask = fields.currentTask;
    this.metadata = fields.metadata ?? {};
    this.configuration = fields.configuration ?? {};
    this.referencedTasks = fields.referencedTasks;
    this.signal = fields.signal;
    this.turn = fields.turn;
    this.attempt = fields.attempt;
    this.caller = fields.caller;
    this.activatedExtensions = fields.activatedExtensions ?? [];
  }

  /** The task when the turn started, this message included; undefined while nothing is stored. The agent's own copy. */
  get currentTask(): Task | undefined {
    if (typeof this.#currentTask === 'function') this.#currentTask = this.#currentTask();
    return this.#currentTask;
  }

  /** All messages so far, oldest first, this turn's included. */
  get history(): readonly Message[] {
    return this.currentTask?.history ?? [this.message];
  }

  /** The text parts of the message, joined. */
  getUserInput(delimiter = '\n'): string {
    return this.message.parts.flatMap((part) => ('text' in part ? [part.text] : [])).join(delimiter);
  }

  /** The text parts of the message, joined by line feeds. */
  get userText(): string {
    return this.getUserInput();
  }
}
