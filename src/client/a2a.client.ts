import { cloneJson } from '../protocol/clone-json.js';
import type {
  AgentCard,
  CancelTaskRequest,
  CreateTaskPushNotificationConfigRequest,
  DeleteTaskPushNotificationConfigRequest,
  GetExtendedAgentCardRequest,
  GetTaskPushNotificationConfigRequest,
  GetTaskRequest,
  ListTaskPushNotificationConfigsRequest,
  ListTaskPushNotificationConfigsResponse,
  ListTasksRequest,
  ListTasksResponse,
  SendMessageResponse,
  SubscribeToTaskRequest,
  Task,
  TaskPushNotificationConfig,
} from '../protocol/model/index.js';
import { AgentConnection } from './calls/agent.connection.js';
import { AgentCaller, type ClientCallOptions } from './calls/agent.caller.js';
import { A2AClientInvalidArgsError } from './errors/client.errors.js';
import { clientOptions, type CheckedOptions } from './options/client.options.check.js';
import type { A2aClientOptions } from './options/client.options.js';
import { type OutgoingMessage, sendRequest } from '../protocol/outgoing-message.js';
import { A2aStream } from './stream/a2a-stream.js';
import { TaskFollower } from './stream/task.follower.js';

/**
 * A remote agent. Nothing is requested before the first call; then the card is fetched, and again when it expires.
 *
 * All calls reject with `A2ARemoteError` when the agent answers with an error, with another `A2AClientError` for any other failure, and
 * with the signal's reason when the signal is aborted. Reads are retried when the connection fails.
 */
export class A2aClient {
  readonly #connection: AgentConnection;
  readonly #caller: AgentCaller;
  readonly #options: CheckedOptions;

  /**
   * `agent`: the agent's URL (`https://agents.example/weather`), the URL of its card, or the card.
   * @throws RangeError, TypeError or A2AClientInvalidArgsError naming the invalid value.
   */
  constructor(agent: string | AgentCard, options: A2aClientOptions = {}) {
    this.#options = clientOptions(options);
    this.#connection = new AgentConnection(agent, this.#options);
    this.#caller = new AgentCaller(this.#connection, this.#options.limits);
  }

  /** The agent's card in canonical form, a copy; from memory while it is fresh. */
  async card({ signal }: Pick<ClientCallOptions, 'signal'> = {}): Promise<AgentCard> {
    return cloneJson((await this.#caller.peer(signal)).card);
  }

  /** The protocol version and binding used with the agent. */
  async interface({ signal }: Pick<ClientCallOptions, 'signal'> = {}): Promise<{
    readonly binding: 'JSONRPC' | 'HTTP+JSON';
    readonly version: '1.0' | '0.3';
    /** Whether streams can be resumed after their last event. */
    readonly resumable: boolean;
  }> {
    const { wire, numbered } = await this.#caller.peer(signal);
    return { binding: wire.binding, version: wire.version, resumable: numbered };
  }

  /**
   * Sends a message and waits for the answer, unless `configuration.returnImmediately` says otherwise. It is repeated only if it did not
   * arrive, or if the agent declares that it recognises repeated messages. For work that takes longer than proxies wait, use
   * `sendStreamingMessage(…).result()`.
   */
  sendMessage(message: OutgoingMessage, options?: ClientCallOptions): Promise<SendMessageResponse> {
    return this.#caller.send(sendRequest(message), options);
  }

  /** Sends a message; the answer comes event by event. If the agent does not stream, its task is polled. */
  sendStreamingMessage(message: OutgoingMessage, { signal }: Pick<ClientCallOptions, 'signal'> = {}): A2aStream {
    return this.#stream({ send: sendRequest(message) }, signal);
  }

  getTask(request: GetTaskRequest, options?: ClientCallOptions): Promise<Task> {
    return this.#caller.read('GetTask', request, options);
  }

  /** @throws A2AClientUnsupportedError over JSON-RPC in v0.3, which has no such method. */
  listTasks(request: ListTasksRequest = {}, options?: ClientCallOptions): Promise<ListTasksResponse> {
    return this.#caller.read('ListTasks', request, options);
  }

  cancelTask(request: CancelTaskRequest, options?: ClientCallOptions): Promise<Task> {
    return this.#caller.write('CancelTask', request, options);
  }

  /**
   * The Task as it is, then its events up to the end. `afterSeq`: the events after that one instead, if the agent numbers them; also of a
   * task that has ended.
   * @throws A2AClientInvalidArgsError for an `afterSeq` that cannot be the number of an event.
   */
  subscribeToTask(
    request: SubscribeToTaskRequest,
    { signal, afterSeq }: Pick<ClientCallOptions, 'signal'> & { readonly afterSeq?: number } = {},
  ): A2aStream {
    if (afterSeq !== undefined && (!Number.isSafeInteger(afterSeq) || afterSeq < 0)) {
      throw new A2AClientInvalidArgsError(`afterSeq must be a whole number from 0 on, but is ${String(afterSeq)}.`);
    }
    return this.#stream({ subscribe: request, ...(afterSeq !== undefined && { afterSeq }) }, signal);
  }

  createTaskPushNotificationConfig(
    request: CreateTaskPushNotificationConfigRequest,
    options?: ClientCallOptions,
  ): Promise<TaskPushNotificationConfig> {
    return this.#caller.write('CreateTaskPushNotificationConfig', request, options);
  }

  getTaskPushNotificationConfig(
    request: GetTaskPushNotificationConfigRequest,
    options?: ClientCallOptions,
  ): Promise<TaskPushNotificationConfig> {
    return this.#caller.read('GetTaskPushNotificationConfig', request, options);
  }

  listTaskPushNotificationConfigs(
    request: ListTaskPushNotificationConfigsRequest,
    options?: ClientCallOptions,
  ): Promise<ListTaskPushNotificationConfigsResponse> {
    return this.#caller.read('ListTaskPushNotificationConfigs', request, options);
  }

  deleteTaskPushNotificationConfig(
    request: DeleteTaskPushNotificationConfigRequest,
    options?: ClientCallOptions,
  ): Promise<void> {
    return this.#caller.read('DeleteTaskPushNotificationConfig', request, options);
  }

  /** The card for authenticated callers, in canonical form. It is not cached. */
  getExtendedAgentCard(request: GetExtendedAgentCardRequest = {}, options?: ClientCallOptions): Promise<AgentCard> {
    return this.#caller.read('GetExtendedAgentCard', request, options);
  }

  /** Ends pending calls and streams; further ones reject. Tasks of the agent go on. */
  close(): void {
    this.#connection.close();
  }

  #stream(start: ConstructorParameters<typeof TaskFollower>[1], signal: AbortSignal | undefined): A2aStream {
    const { limits } = this.#options;
    return new A2aStream(
      (linked) => new TaskFollower(this.#connection, start, limits, linked),
      signal,
      limits.maxAnswerBytes,
    );
  }
}
