import type { SendMessageRequest, SendMessageResponse } from '../../protocol/model/index.js';
import { repeated } from '../http/repeated.js';
import { Retry } from '../http/retry.js';
import { checkedTimeout } from '../options/client.options.check.js';
import type { A2aClientLimits } from '../options/client.options.js';
import type { OperationName, Requests, Responses } from '../../protocol/operations.js';
import type { AgentConnection } from './agent.connection.js';
import type { Peer } from './peer.js';

/** Options of one call of the client. */
export interface ClientCallOptions {
  /** Ends the call, whose promise rejects with the signal's reason. The task goes on. */
  readonly signal?: AbortSignal;
  /** Replaces the client's time limit, in ms. */
  readonly timeoutMs?: number;
}

/** Calls that have one answer. Retries them where that is safe. */
export class AgentCaller {
  constructor(
    private readonly connection: AgentConnection,
    private readonly limits: A2aClientLimits,
  ) {}

  /** The agent as its card describes it. */
  peer(signal: AbortSignal | undefined): Promise<Peer> {
    return repeated(() => this.connection.peer(signal), { retry: this.#retry(signal), mayRepeat: () => true, signal });
  }

  /** For calls that are safe to repeat. */
  read<O extends OperationName>(
    operation: O,
    request: Requests[O],
    options: ClientCallOptions = {},
  ): Promise<Responses[O]> {
    return this.#call(operation, request, options, true);
  }

  /** For calls that are not safe to repeat. */
  write<O extends OperationName>(
    operation: O,
    request: Requests[O],
    options: ClientCallOptions = {},
  ): Promise<Responses[O]> {
    return this.#call(operation, request, options, false);
  }

  /** A message may be sent twice to an agent that recognises repeated messages. The time limit covers all attempts together. */
  async send(
    request: SendMessageRequest,
    { signal, timeoutMs = this.limits.sendTimeoutMs }: ClientCallOptions = {},
  ): Promise<SendMessageResponse> {
    const end = performance.now() + checkedTimeout(timeoutMs);
    const left = (): number => Math.max(1, Math.round(end - performance.now()));
    return repeated(() => this.connection.call('SendMessage', request, { signal, timeoutMs: left() }), {
      retry: this.#retry(signal),
      mayRepeat: async () => performance.now() < end && (await this.connection.peer(signal)).idempotent,
      signal,
    });
  }

  async #call<O extends OperationName>(
    operation: O,
    request: Requests[O],
    options: ClientCallOptions,
    again: boolean,
  ): Promise<Responses[O]> {
    const { signal } = options;
    const timeoutMs = checkedTimeout(options.timeoutMs ?? this.limits.timeoutMs);
    return repeated(() => this.connection.call(operation, request, { signal, timeoutMs }), {
      retry: this.#retry(signal),
      mayRepeat: () => again,
      signal,
    });
  }

  #retry(signal: AbortSignal | undefined): Retry {
    return new Retry({ ...this.limits, attempts: this.limits.openAttempts }, signal);
  }
}
