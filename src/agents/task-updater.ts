import { v7 as uuid } from 'uuid';
import type { Artifact, JsonObject, Message, Part, TaskState } from '../protocol/model/index.js';
import { isTerminal } from '../protocol/state/task-state.js';
import type { AgentEventSink } from './agent-executor.interface.js';

export interface StatusOptions {
  metadata?: JsonObject;
  /** RFC 3339 UTC; default now. */
  timestamp?: string;
}

export interface ArtifactOptions {
  /** Default: a new id. */
  artifactId?: string;
  name?: string;
  description?: string;
  metadata?: JsonObject;
  extensions?: string[];
  append?: boolean;
  lastChunk?: boolean;
}

export type AppendOptions = Omit<ArtifactOptions, 'append' | 'artifactId'>;

/** A status message: a Message, its parts, or plain text. */
export type StatusMessage = Message | Part[] | string;

/**
 * How an agent reports. Every verb resolves when the event is accepted (it waits while the run's queue is full: that is the
 * back-pressure), and rejects once the task has a terminal state or the run is over.
 */
export class TaskUpdater {
  #terminal?: TaskState;

  constructor(
    private readonly sink: AgentEventSink,
    readonly taskId: string,
    readonly contextId: string,
  ) {}

  async updateStatus(state: TaskState, message?: StatusMessage, options: StatusOptions = {}): Promise<void> {
    if (this.#terminal) throw new Error(`Task ${this.taskId} has ended (${this.#terminal}): it takes no more events.`);
    if (isTerminal(state)) this.#terminal = state;
    const status = {
      state,
      ...(message === undefined ? {} : { message: this.toMessage(message) }),
      timestamp: options.timestamp ?? new Date().toISOString(),
    };
    await this.sink.emit({
      statusUpdate: { taskId: this.taskId, contextId: this.contextId, status, ...(options.metadata && { metadata: options.metadata }) },
    });
  }

  submit = (message?: StatusMessage): Promise<void> => this.updateStatus('TASK_STATE_SUBMITTED', message);
  startWork = (message?: StatusMessage): Promise<void> => this.updateStatus('TASK_STATE_WORKING', message);
  complete = (message?: StatusMessage): Promise<void> => this.updateStatus('TASK_STATE_COMPLETED', message);
  failed = (message?: StatusMessage): Promise<void> => this.updateStatus('TASK_STATE_FAILED', message);
  reject = (message?: StatusMessage): Promise<void> => this.updateStatus('TASK_STATE_REJECTED', message);
  cancel = (message?: StatusMessage): Promise<void> => this.updateStatus('TASK_STATE_CANCELED', message);
  requiresInput = (message?: StatusMessage): Promise<void> => this.updateStatus('TASK_STATE_INPUT_REQUIRED', message);
  requiresAuth = (message?: StatusMessage): Promise<void> => this.updateStatus('TASK_STATE_AUTH_REQUIRED', message);

  /** Adds an artifact, or replaces the one of that id (with `append`: adds to it). Returns its id. */
  async addArtifact(parts: Part[] | string, options: ArtifactOptions = {}): Promise<string> {
    if (this.#terminal) throw new Error(`Task ${this.taskId} has ended (${this.#terminal}): it takes no more events.`);
    const { artifactId = uuid(), append, lastChunk, ...fields } = options;
    const artifact: Artifact = { artifactId, ...fields, parts: typeof parts === 'string' ? [{ text: parts }] : parts };
    await this.sink.emit({
      artifactUpdate: {
        taskId: this.taskId,
        contextId: this.contextId,
        artifact,
        ...(append && { append }),
        ...(lastChunk && { lastChunk }),
      },
    });
    return artifactId;
  }

  /** Adds parts to the artifact of that id; makes it if it is not there. */
  async appendArtifact(artifactId: string, parts: Part[] | string, options: AppendOptions = {}): Promise<void> {
    await this.addArtifact(parts, { ...options, artifactId, append: true });
  }

  /** Builds, but does not send, a message of this task's agent. */
  newAgentMessage(parts: Part[] | string, metadata?: JsonObject): Message {
    return {
      messageId: uuid(),
      taskId: this.taskId,
      contextId: this.contextId,
      role: 'ROLE_AGENT',
      parts: typeof parts === 'string' ? [{ text: parts }] : parts,
      ...(metadata && { metadata }),
    };
  }

  /** Answers with a Message instead of a task: for agents with `replies: 'message'` or `'either'`, as their first and only event. */
  async reply(message: StatusMessage): Promise<void> {
    await this.sink.emit({ message: this.toMessage(message) });
  }

  private toMessage(message: StatusMessage): Message {
    return typeof message === 'string' || Array.isArray(message) ? this.newAgentMessage(message) : message;
  }
}
