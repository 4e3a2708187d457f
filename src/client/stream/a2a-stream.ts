import type { SendMessageResponse, StreamResponse } from '../../protocol/model/index.js';
import { A2AClientError, A2AClientInvalidStateError } from '../errors/client.errors.js';
import { linkedSignal } from '../http/signals.js';
import { ClientTaskManager } from '../task/client-task.manager.js';
import type { TaskFollower } from './task.follower.js';

/**
 * The events of a task, or the Message that an agent answers with instead. The request is sent when the first event is requested. Nothing
 * is read ahead of the consumer: a slow consumer slows the agent's stream down and never loses anything. For one consumer.
 *
 * A Task in mid-stream is the current task and replaces everything before it. Errors end the stream.
 */
export class A2aStream implements AsyncIterableIterator<StreamResponse, void, void> {
  readonly #leaving = new AbortController();
  readonly #follower: TaskFollower;
  readonly #events: AsyncGenerator<StreamResponse, void, void>;
  readonly #unlink: () => void;

  constructor(
    follow: (signal: AbortSignal) => TaskFollower,
    signal: AbortSignal | undefined,
    private readonly maxCharacters: number,
  ) {
    const linked = linkedSignal(signal, this.#leaving.signal);
    this.#unlink = linked.unlink;
    this.#follower = follow(linked.signal);
    this.#events = this.#follower.events();
  }

  /** Known from the first event on. */
  get taskId(): string | undefined {
    return this.#follower.position.taskId;
  }

  /** The number of the last event returned, if the agent numbers them. A later `subscribeToTask` can continue after it. */
  get lastSeq(): number | undefined {
    const { seq, counts } = this.#follower.position;
    return counts ? seq : undefined;
  }

  /** How often a new connection was made or tried. */
  get reconnects(): number {
    return this.#follower.reconnects;
  }

  async next(): Promise<IteratorResult<StreamResponse, void>> {
    const result = await this.#settled(this.#events.next());
    if (result.done) this.#unlink();
    return result;
  }

  /** Leaves the stream at once. The task goes on: cancel it if you no longer need it. */
  async return(): Promise<IteratorReturnResult<void>> {
    this.#leaving.abort(new A2AClientError('The stream was left.'));
    this.#unlink();
    await this.#events.return().catch(() => undefined);
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  /**
   * Reads the stream to its end. @returns The resulting task, or the agent's Message.
   * @throws A2AClientLimitError for a task of more than 64 Mi characters of JSON, or what the client's `maxAnswerBytes` says.
   */
  async result(): Promise<SendMessageResponse> {
    const manager = new ClientTaskManager({ maxCharacters: this.maxCharacters });
    for await (const event of this) manager.process(event);
    const task = manager.getTask();
    const message = manager.messages.at(-1);
    if (task) return { task };
    if (message) return { message };
    throw new A2AClientInvalidStateError('The stream ended without a Task or a Message.');
  }

  async #settled<T>(next: Promise<T>): Promise<T> {
    try {
      return await next;
    } catch (error) {
      this.#unlink();
      throw error;
    }
  }
}
