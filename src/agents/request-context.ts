import type { JsonObject, Message, SendMessageConfiguration, Task, TaskState } from '../protocol/model/index.js';
import { lookupKey } from '../common/lookup-key.js';
import type { CallContext } from '../security/call-context.js';

/** A signal that is made when somebody asks for it: most turns end before anybody does. */
export interface LazySignal {
  readonly aborted: boolean;
  readonly signal: AbortSignal;
}

/** What a `RequestContext` is made of. */
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
  signal: AbortSignal | LazySignal;
  turn: number;
  attempt: number;
  /** State of the task before this turn. */
  previousState?: TaskState;
  caller: CallContext;
  /** Default none. */
  activatedExtensions?: readonly string[];
}

/** Fields of a context for a test; `text` is short for a message with this text. */
export type RequestContextForTest = Partial<RequestContextFields> & { text?: string };

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
  readonly #signal: AbortSignal | LazySignal;
  /** 1 for the first message of the task, +1 for each follow-up. */
  readonly turn: number;
  /** Starts of the turn: more than 1 if it is run again after a crash, a retry or a shutdown. */
  readonly attempt: number;
  /**
   * State of the task when this turn's message was taken up, for example TASK_STATE_INPUT_REQUIRED. undefined in the first turn.
   */
  readonly previousState?: TaskState;
  readonly caller: CallContext;
  /** URIs of the extensions that the request asked for (A2A-Extensions) and the agent's card has; only these apply to the turn. */
  readonly activatedExtensions: readonly string[];

  /**
   * A context for the test of an agent or a guard: the first turn of the task `task-1`, with a message from `alice`. `text` is that of the
   * message; default `hi`. Its signal is never aborted unless you give one.
   *
   * @example
   * const context = RequestContext.forTest({ text: 'Ada', turn: 2 });
   */
  static forTest({ text = 'hi', ...fields }: RequestContextForTest = {}): RequestContext {
    return new RequestContext({
      taskId: 'task-1',
      contextId: 'context-1',
      message: { messageId: 'm-1', role: 'ROLE_USER', parts: [{ text }] },
      referencedTasks: [],
      signal: new AbortController().signal,
      turn: 1,
      attempt: 1,
      caller: { owner: 'alice', tenant: '', agent: 'shop', protocolVersion: '1.0', requestedExtensions: [] },
      ...fields,
    });
  }

  constructor(fields: RequestContextFields) {
    this.taskId = fields.taskId;
    this.contextId = fields.contextId;
    this.message = fields.message;
    this.#currentTask = fields.currentTask;
    this.metadata = fields.metadata ?? {};
    this.configuration = fields.configuration ?? {};
    this.referencedTasks = fields.referencedTasks;
    this.#signal = fields.signal;
    this.turn = fields.turn;
    this.attempt = fields.attempt;
    this.previousState = fields.previousState;
    this.caller = fields.caller;
    this.activatedExtensions = fields.activatedExtensions ?? [];
  }

  /** Aborted on cancel, deadlines, drain and lost ownership; its reason is a RunAborted. */
  get signal(): AbortSignal {
    return this.#signal instanceof AbortSignal ? this.#signal : this.#signal.signal;
  }

  /** Whether `signal` is aborted. */
  get aborted(): boolean {
    return this.#signal.aborted;
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

  /**
   * The name of the conversation, for what an agent remembers of it: 43 letters, digits, `-` and `_`. Clients choose their `contextId`, so two
   * callers may send the same one; their keys differ, as they do for two tenants of a caller and for two agents. Anonymous callers are one
   * caller.
   *
   * @example
   * const session = this.sessions.get(context.contextKey);
   */
  get contextKey(): string {
    const { owner, tenant, agent } = this.caller;
    return lookupKey(owner, tenant, agent, this.contextId);
  }

  /** The text parts of the message, joined. */
  getUserInput(delimiter = '\n'): string {
    const texts: string[] = [];
    for (const part of this.message.parts) if ('text' in part) texts.push(part.text);
    return texts.join(delimiter);
  }

  /** The text parts of the message, joined by line feeds. */
  get userText(): string {
    return this.getUserInput();
  }
}
