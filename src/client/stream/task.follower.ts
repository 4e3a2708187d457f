import type { SendMessageRequest, StreamResponse, SubscribeToTaskRequest } from '../../protocol/model/index.js';
import { isTerminal } from '../../protocol/state/task-state.js';
import type { AgentConnection } from '../calls/agent.connection.js';
import type { ReceivedEvent } from '../calls/event-reader.js';
import { A2AClientConnectionError, A2AClientHTTPError, A2ARemoteError } from '../errors/client.errors.js';
import { STABLE_MS, wasNotSent } from '../http/repeated.js';
import { isTransient, pause, Retry } from '../http/retry.js';
import type { A2aClientLimits } from '../options/client.options.js';
import { NoSnapshotError, Position } from './position.js';

export type StreamStart =
  { readonly send: SendMessageRequest } | { readonly subscribe: SubscribeToTaskRequest; readonly afterSeq?: number };

/** After the end of the task its stream is read for this long, in ms: a final Task may follow. */
const LAST_WORDS_MS = 1_000;
const FIRST_POLL_MS = 1_000;
const LONGEST_POLL_MS = 10_000;

/**
 * The events of a task over as many connections as needed. If the server numbers its events, each comes once. Other servers send the
 * current Task after a break, which replaces what was missed. If even that is not available, the task is polled and shown when it has
 * changed.
 */
export class TaskFollower {
  readonly position: Position;
  reconnects = 0;
  readonly #opening: Retry;
  readonly #running: Retry;
  readonly #sends: boolean;
  #polls = false;
  /** The agent has said that nothing follows the last event. */
  #nothingLeft = false;
  /** The message may have arrived: request its task's events from the first on. */
  #replays = false;

  constructor(
    private readonly connection: AgentConnection,
    private readonly start: StreamStart,
    private readonly limits: A2aClientLimits,
    private readonly signal: AbortSignal,
  ) {
    this.#sends = 'send' in start;
    this.position = 'send' in start ? new Position() : new Position(start.subscribe.id, start.afterSeq);
    this.#opening = new Retry({ ...limits, attempts: limits.openAttempts }, signal);
    this.#running = new Retry(limits, signal);
  }

  async *events(): AsyncGenerator<StreamResponse, void, void> {
    for (;;) {
      const startedAt = performance.now();
      let failure: unknown;
      try {
        for await (const event of this.#polls ? this.#poll() : this.#connect()) {
          this.#running.succeeded();
          yield event;
          if (this.#isEnd) return;
        }
        if (this.#nothingLeft || this.position.restful || (await this.#hasNothingLeft())) return;
        this.#endedEarly();
        failure = new A2AClientConnectionError('The stream ended before its task.', true);
      } catch (error) {
        this.signal.throwIfAborted();
        if (this.#isDone) return;
        if (await this.#takesOtherWay(error)) continue;
        if (!isTransient(error) || !(await this.#mayRepeat(error))) throw error;
        failure = error;
      }
      if (performance.now() - startedAt >= STABLE_MS) this.#running.succeeded();
      await (this.position.begun ? this.#running : this.#opening).after(failure);
      this.reconnects++;
    }
  }

  /** The message's own stream would have ended here; the subscription that replaced it does not. */
  get #isEnd(): boolean {
    return this.reconnects > 0 && this.#isDone;
  }

  /** Nothing is missed if the connection breaks now. The stream of a message ends when the agent asks for another. */
  get #isDone(): boolean {
    return this.position.over || (this.#sends && this.position.state === 'TASK_STATE_INPUT_REQUIRED');
  }

  /** A task that had ended may have nothing after the requested event. */
  async #hasNothingLeft(): Promise<boolean> {
    const { position, signal, limits } = this;
    if (position.begun || position.seq === undefined) return false;
    const request = { id: position.taskId!, tenant: this.#tenant, historyLength: 0 };
    const task = await this.connection.call('GetTask', request, { signal, timeoutMs: limits.timeoutMs });
    return isTerminal(task.status.state);
  }

  /** An agent that accepts readers only to close their streams at once is better polled. */
  #endedEarly(): void {
    this.#polls ||= this.reconnects > 0 && this.position.begun && this.position.seq === undefined;
  }

  async *#connect(): AsyncGenerator<StreamResponse, void, void> {
    const { signal, position } = this;
    const { numbered, streams } = await this.connection.peer(signal);
    if (!streams) {
      yield* this.#withoutStream();
      return;
    }
    const counted = numbered && position.counts;
    if (position.begun) position.reconnected(counted);
    for await (const received of this.#open(counted)) if (position.take(received, numbered)) yield received.event;
  }

  #open(counted: boolean): AsyncGenerator<ReceivedEvent, void, void> {
    const { position, start, limits, signal } = this;
    const options = {
      signal,
      idleMs: () => (this.#isDone ? LAST_WORDS_MS : undefined),
      onRetry: (ms: number) => this.#running.ask(ms),
      onNothingLeft: () => (this.#nothingLeft = true),
    };
    const lastEventId = counted && position.seq !== undefined ? String(position.seq) : undefined;
    if ('send' in start && !position.begun) {
      return this.connection.stream('SendStreamingMessage', start.send, {
        ...options,
        timeoutMs: limits.sendTimeoutMs,
        ...(this.#replays && { lastEventId: '0' }),
      });
    }
    const id = position.taskId!;
    return this.connection.stream(
      'SubscribeToTask',
      { id, tenant: this.#tenant },
      {
        ...options,
        timeoutMs: limits.timeoutMs,
        ...(lastEventId !== undefined && { lastEventId }),
      },
    );
  }

  /** Polls an agent that does not stream. */
  async *#withoutStream(): AsyncGenerator<StreamResponse, void, void> {
    const { start, position, limits, signal } = this;
    if ('send' in start && !position.begun) {
      const answer = await this.connection.call('SendMessage', start.send, { signal, timeoutMs: limits.sendTimeoutMs });
      if (position.take({ event: answer }, false)) yield answer;
      if (position.restful) return;
    }
    this.#polls = true;
    yield* this.#poll();
  }

  async *#poll(): AsyncGenerator<StreamResponse, void, void> {
    const { position, signal, limits } = this;
    for (let delay = FIRST_POLL_MS; ; delay = Math.min(delay * 1.5, LONGEST_POLL_MS)) {
      const request = { id: position.taskId!, tenant: this.#tenant };
      const task = await this.connection.call('GetTask', request, { signal, timeoutMs: limits.timeoutMs });
      if (position.take({ event: { task } }, false)) {
        yield { task };
        delay = FIRST_POLL_MS;
      }
      if (position.restful) return;
      await pause(delay, signal);
    }
  }

  /** True when another way to continue exists, without waiting. */
  async #takesOtherWay(error: unknown): Promise<boolean> {
    if (this.#replays && error instanceof A2ARemoteError && error.reason === 'INVALID_PARAMS') {
      // The message had not arrived.
      this.#replays = false;
      return true;
    }
    if (this.#polls || !this.position.begun) return false;
    return (this.#polls = error instanceof NoSnapshotError || hasNoSubscription(error));
  }

  /** Whether the request may be sent again: reads may; a message only if it did not arrive or the agent recognises repeated messages. */
  async #mayRepeat(error: unknown): Promise<boolean> {
    if (!this.#sends || this.position.begun) return true;
    if (wasNotSent(error)) return true;
    const { idempotent, numbered } = await this.connection.peer(this.signal);
    // A message to an existing task is answered with the current Task and what follows.
    this.#replays = idempotent && numbered && 'send' in this.start && this.start.send.message.taskId === undefined;
    return idempotent;
  }

  get #tenant(): string | undefined {
    return 'send' in this.start ? this.start.send.tenant : this.start.subscribe.tenant;
  }
}

/** The agent supports no subscription, or none to a task that has ended meanwhile. */
const hasNoSubscription = (error: unknown): boolean =>
  (error instanceof A2ARemoteError &&
    (error.reason === 'UNSUPPORTED_OPERATION' || error.reason === 'METHOD_NOT_FOUND')) ||
  (error instanceof A2AClientHTTPError && (error.status === 404 || error.status === 405 || error.status === 501));
