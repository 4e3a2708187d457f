import { Inject, Injectable, Optional } from '@nestjs/common';
import type { RegisteredAgent } from '../agents/agent-registry.interface.js';
import { tellLogs } from '../common/logging/log-context.js';
import type { Decoded } from '../protocol/codec.interface.js';
import { A2AError, invalidParams } from '../protocol/errors/index.js';
import {
  type ItemStream,
  type OperationOptions,
  REQUEST_HANDLER,
  type RequestHandler,
} from '../request-handler/request-handler.interface.js';
import { callContext } from './http/call-context.factory.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from './http/http-transport.options.js';
import type { PlatformRequest } from './http/platform.js';
import { namedTask } from './named-task.js';
import type { Answer, Operation, ReadRequest } from './operation.js';
import type { ObservedCall } from './observed-call.js';
import { UnidentifiedCallers } from './unidentified-callers.js';

/** Why the signal of a call aborted. One shared object, since a DOMException per signal is expensive. */
export const CLIENT_LEFT = new Error('The client has left.');

/** A call over HTTP, with any binding. */
export interface HttpCall {
  readonly agent: RegisteredAgent;
  readonly request: PlatformRequest;
  readonly observed: ObservedCall;
  readonly client: {
    readonly left: boolean;
    /** Aborts when the client leaves. Asked for only by operations that wait. */
    readonly signal: AbortSignal;
  };
  /** The call of an EventSource. `after` counts as `Last-Event-ID` if the request has no such header. */
  readonly eventSource?: { readonly after?: string };
}

/** Runs operations on behalf of the sender of a request. */
@Injectable()
export class OperationRunner {
  constructor(
    @Inject(REQUEST_HANDLER) private readonly handler: RequestHandler,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
    // A gRPC server says with `authenticate: 'anonymous'` that it is meant.
    @Optional() private readonly unidentified?: UnidentifiedCallers,
  ) {}

  /** @throws A2AError. It names fields as the sender does. */
  async run(operation: Operation, { request, path }: ReadRequest, call: HttpCall): Promise<Answer> {
    const protocolVersion = operation.version;
    const target = { agent: call.agent.id, tenant: request.tenant, protocolVersion, trace: call.observed.carrier };
    const context = callContext(call.request, target);
    const { owner, tenant, agent } = context;
    const taskId = namedTask(request);
    tellLogs({ owner, tenant, agent, taskId });
    call.observed.targets(taskId);
    this.unidentified?.check(call.agent, context);
    const options = new HttpOperationOptions(operation, call);
    try {
      const result = await call.observed.within(() =>
        operation.run(this.handler, request, context, options, this.options.v03Blocking),
      );
      return operation.streams ? { stream: result as ItemStream } : { result: operation.encode(result) };
    } catch (error) {
      throw inNamesOfSender(error, path);
    }
  }
}

/** A class: an object literal with getters would be slow to make, and slow to use. */
class HttpOperationOptions implements OperationOptions {
  readonly #client: HttpCall['client'] | undefined;
  readonly observer: ObservedCall;
  readonly pageForm: Operation['pageForm'];
  readonly alsoEnded: boolean;
  readonly lastEventId: string | undefined;

  constructor({ lasting, pageForm }: Operation, { client, observed, request, eventSource }: HttpCall) {
    this.#client = lasting ? client : undefined;
    this.observer = observed;
    this.pageForm = pageForm;
    this.alsoEnded = eventSource !== undefined;
    // An event source without a last id may send an empty header.
    const lastEventId = request.headers['last-event-id'] || eventSource?.after;
    this.lastEventId = typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId : undefined;
  }

  get left(): boolean {
    return this.#client?.left ?? false;
  }

  get signal(): AbortSignal | undefined {
    return this.#client?.signal;
  }
}

/** Translates the field names in a handler's error from canonical names to the sender's. */
function inNamesOfSender(error: unknown, path: Decoded['path']): unknown {
  const wrong = error instanceof A2AError && error.reason === 'INVALID_PARAMS' ? error.violations : [];
  if (wrong.length === 0) return error;
  return invalidParams(wrong.map(({ field, description }) => ({ field: path(field), description })));
}
