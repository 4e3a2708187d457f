import { Inject, Injectable } from '@nestjs/common';
import { once } from 'node:events';
import type { Observable } from 'rxjs';
import { AGENT_REGISTRY, type AgentRegistry } from '../../agents/agent-registry.interface.js';
import { DrainService } from '../../execution/drain.service.js';
import type {
  ListTasksRequest,
  ListTasksResponse,
  SendMessageRequest,
  SendMessageResponse,
  Task,
} from '../../protocol/model/index.js';
import type { OperationName, Requests } from '../../protocol/operations.js';
import { type OutgoingMessage, sendRequest } from '../../protocol/outgoing-message.js';
import { isTerminal } from '../../protocol/state/task-state.js';
import { v10Codec } from '../../protocol/v1-0/v1-0.codec.js';
import { validateRequest } from '../../protocol/validation/index.js';
import { REQUEST_HANDLER, type RequestHandler } from '../../request-handler/request-handler.interface.js';
import { StreamOpener } from '../../request-handler/stream.opener.js';
import { TenantAdmission } from '../../request-handler/tenant.admission.js';
import type { CallContext } from '../../security/call-context.js';
import { type SentEvent, type SequencedEvent, observe, toSent, toSequenced } from './task-events.js';

/**
 * On whose behalf an agent of this application is called. What the call creates belongs to this owner; tasks of other owners are invisible.
 */
export interface InProcessCaller {
  /** Id of the agent. */
  readonly agent: string;
  /** Must not be empty. */
  readonly owner: string;
  /** Default: no tenant. */
  readonly tenant?: string;
  /** URIs of the extensions to activate. Default: none. */
  readonly extensions?: readonly string[];
}

/**
 * Calls the agents of this application without HTTP: the protocol operations, with the same validation, limits, guards and storage as for
 * HTTP calls. Each method throws A2AError (or its Observable fails with it) where a client would get a protocol error, and TypeError when
 * the caller names no owner or an unknown agent.
 *
 * @example
 * constructor(private readonly tasks: A2aTasks) {}
 * report$ = this.tasks.stream('Write the report', { agent: 'writer', owner: 'alice' });
 */
@Injectable()
export class A2aTasks {
  constructor(
    @Inject(REQUEST_HANDLER) private readonly handler: RequestHandler,
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
    private readonly streams: StreamOpener,
    private readonly admission: TenantAdmission,
    private readonly drain: DrainService,
  ) {}

  /**
   * Sends a message and waits until the task ends or needs something, or until the agent replies with a Message. With
   * `configuration.returnImmediately` you get the task as soon as it is stored. Aborting `signal` ends the wait with its reason; the task
   * goes on.
   */
  async send(message: OutgoingMessage, caller: InProcessCaller, signal?: AbortSignal): Promise<SendMessageResponse> {
    signal?.throwIfAborted();
    const answer = this.handler.sendMessage(sending(message), this.#contextOf(caller), { signal });
    return structuredClone(await untilAborted(answer, signal));
  }

  /** Sends a message on subscription, once for each subscriber under the same messageId, and emits the events of its task. */
  stream(message: OutgoingMessage, caller: InProcessCaller): Observable<SentEvent> {
    const [request, context] = [sending(message), this.#contextOf(caller)];
    return observe((signal) => this.handler.sendStreamingMessage(request, context, { signal }), toSent);
  }

  /**
   * The committed events of a task after seq `after` (default 0: from the first on), each once and in order: those in the log, then those
   * that follow, on whichever replica the task runs. Completes with the event that ends the task. Fails with UNAVAILABLE when this process
   * shuts down before that. After a failure, subscribe again after the last `seq`. Events trimmed by retention are replaced by the whole
   * task.
   */
  events$(taskId: string, caller: InProcessCaller, { after = 0 }: { after?: number } = {}): Observable<SequencedEvent> {
    const context = this.#contextOf(caller);
    return observe(
      async (signal) => {
        const admitted = await this.admission.admit(context);
        return this.streams.open({ context: admitted, taskId, afterSeq: after, endsAt: isTerminal, signal });
      },
      toSequenced,
      () => this.drain.assertNotClosed(),
    );
  }

  /** `historyLength`: maximum history messages, newest first. Default: all. */
  async get(taskId: string, caller: InProcessCaller, options: { historyLength?: number } = {}): Promise<Task> {
    const request = valid('GetTask', { id: taskId, ...options });
    return structuredClone((await this.handler.getTask(request, this.#contextOf(caller))).task);
  }

  list(query: ListTasksRequest, caller: InProcessCaller): Promise<ListTasksResponse> {
    return this.handler.listTasks(valid('ListTasks', query), this.#contextOf(caller));
  }

  /** Resolves with the task once it is canceled. */
  async cancel(taskId: string, caller: InProcessCaller): Promise<Task> {
    const canceled = await this.handler.cancelTask(valid('CancelTask', { id: taskId }), this.#contextOf(caller));
    return structuredClone(canceled.task);
  }

  #contextOf({ agent, owner, tenant = '', extensions = [] }: InProcessCaller): CallContext {
    if (typeof owner !== 'string' || owner === '') throw new TypeError('A2aTasks: owner must be a non-empty string.');
    if (!this.agents.get(agent)) {
      const known = this.agents.all().map(({ id }) => `'${id}'`);
      throw new TypeError(`A2aTasks: there is no agent '${agent}'. There is: ${known.join(', ') || 'none'}.`);
    }
    return { agent, owner, tenant, protocolVersion: '1.0', requestedExtensions: extensions };
  }
}

const sending = (message: OutgoingMessage): SendMessageRequest => valid('SendMessage', sendRequest(message));

/** Applies the same validation as to an HTTP request. The request is copied, so that the caller may reuse it. */
const valid = <N extends OperationName>(name: N, request: Requests[N]): Requests[N] =>
  validateRequest(name, v10Codec.decode(name, structuredClone(request)));

async function untilAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return answer;
  const left = new AbortController();
  const aborted = once(signal, 'abort', { signal: left.signal }).then(() => {
    throw signal.reason;
  });
  try {
    const result = await Promise.race([answer, aborted]);
    // The handler stops waiting too, and returns what it has.
    signal.throwIfAborted();
    return result;
  } finally {
    left.abort();
    // Nothing awaits the promise that lost the race.
    aborted.catch(() => undefined);
    answer.catch(() => undefined);
  }
}
