import { Inject, Injectable, Optional } from '@nestjs/common';
import { once } from 'node:events';
import type { Observable } from 'rxjs';
import { AGENT_REGISTRY, type AgentRegistry } from '../../agents/agent-registry.interface.js';
import { AuditTrail } from '../../audit/audit.trail.js';
import { A2A_TRACING, type Tracing } from '../../common/tracing/tracing.interface.js';
import { currentRequest } from '../../common/logging/log-context.js';
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
import {
  type OperationObserver,
  REQUEST_HANDLER,
  type RequestHandler,
} from '../../request-handler/request-handler.interface.js';
import { StreamOpener } from '../../request-handler/stream.opener.js';
import { TenantAdmission } from '../../request-handler/tenant.admission.js';
import type { CallContext } from '../../security/call-context.js';
import { type A2aClaims, assertClaims } from '../../security/principal.js';
import { knownAgents } from './known-agents.js';
import { recordedCall } from './recorded-call.js';
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
  /** For the agent's guards and `context.caller`. Default: none. */
  readonly claims?: A2aClaims;
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
    @Optional() @Inject(A2A_TRACING) private readonly tracing?: Tracing,
    @Optional() private readonly trail?: AuditTrail,
  ) {}

  /**
   * Sends a message and waits until the task ends or needs something, or until the agent replies with a Message. With
   * `configuration.returnImmediately` you get the task as soon as it is stored. Aborting `signal` ends the wait with its reason; the task
   * goes on.
   */
  async send(message: OutgoingMessage, caller: InProcessCaller, signal?: AbortSignal): Promise<SendMessageResponse> {
    signal?.throwIfAborted();
    const [request, context] = [sending(message), this.#contextOf(caller)];
    const answer = this.#recorded('SendMessage', context, request.message.taskId, (observer) =>
      this.handler.sendMessage(request, context, { signal, observer }),
    );
    return structuredClone(await untilAborted(answer, signal));
  }

  /** Sends a message on subscription, once for each subscriber under the same messageId, and emits the events of its task. */
  stream(message: OutgoingMessage, caller: InProcessCaller): Observable<SentEvent> {
    const [request, context] = [sending(message), this.#contextOf(caller)];
    const send = (signal: AbortSignal) =>
      this.#recorded('SendStreamingMessage', context, request.message.taskId, (observer) =>
        this.handler.sendStreamingMessage(request, context, { signal, observer }),
      );
    return observe(send, toSent);
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
      (signal) =>
        this.#recorded('SubscribeToTask', context, taskId, async (observer) => {
          const admitted = await this.admission.admit(context);
          const items = await this.streams.open({
            ...{ context: admitted, taskId, afterSeq: after, endsAt: isTerminal, signal },
          });
          observer.accepted();
          return items;
        }),
      toSequenced,
      () => this.drain.assertNotClosed(),
    );
  }

  /** `historyLength`: maximum history messages, newest first. Default: all. */
  async get(taskId: string, caller: InProcessCaller, options: { historyLength?: number } = {}): Promise<Task> {
    const request = valid('GetTask', { id: taskId, ...options });
    const context = this.#contextOf(caller);
    const read = await this.#recorded('GetTask', context, taskId, (observer) =>
      this.handler.getTask(request, context, { observer }),
    );
    return structuredClone(read.task);
  }

  list(query: ListTasksRequest, caller: InProcessCaller): Promise<ListTasksResponse> {
    const [request, context] = [valid('ListTasks', query), this.#contextOf(caller)];
    return this.#recorded('ListTasks', context, undefined, (observer) =>
      this.handler.listTasks(request, context, { observer }),
    );
  }

  /** Resolves with the task once it is canceled. */
  async cancel(taskId: string, caller: InProcessCaller): Promise<Task> {
    const [request, context] = [valid('CancelTask', { id: taskId }), this.#contextOf(caller)];
    const canceled = await this.#recorded('CancelTask', context, taskId, (observer) =>
      this.handler.cancelTask(request, context, { observer }),
    );
    return structuredClone(canceled.task);
  }

  #recorded<T>(
    name: OperationName,
    context: CallContext,
    taskId: string | undefined,
    work: (observer: OperationObserver) => Promise<T>,
  ): Promise<T> {
    return recordedCall(this.trail, { name, context, ...(taskId !== undefined && { taskId }) }, work);
  }

  #contextOf({ agent, owner, tenant = '', claims, extensions = [] }: InProcessCaller): CallContext {
    if (typeof owner !== 'string' || owner === '') throw new TypeError('A2aTasks: owner must be a non-empty string.');
    if (!this.agents.get(agent))
      throw new TypeError(`A2aTasks: there is no agent '${agent}'. ${knownAgents(this.agents)}`);
    assertClaims({ claims });
    const trace = this.tracing?.current();
    const request = currentRequest();
    const sent = { ...(trace && { trace }), ...(request && { request }) };
    const call = { protocolVersion: '1.0' as const, requestedExtensions: extensions, ...sent };
    return { agent, owner, tenant, ...(claims && { claims }), ...call };
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
