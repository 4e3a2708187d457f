import { Inject, Injectable } from '@nestjs/common';
import type { RegisteredAgent } from '../agents/agent-registry.interface.js';
import { type ItemStream, REQUEST_HANDLER, type RequestHandler } from '../request-handler/request-handler.interface.js';
import { callContext } from './http/call-context.factory.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from './http/http-transport.options.js';
import type { Operation, ValidRequest } from './operation.js';
import type { PlatformRequest } from './http/platform.js';

/** A call over HTTP, with any binding. */
export interface HttpCall {
  readonly agent: RegisteredAgent;
  readonly request: PlatformRequest;
  /** Called only by operations that may last. */
  readonly signal: () => AbortSignal;
}

/** Exactly one of the two. A stream's first batch is known. */
export interface Answer {
  readonly result?: object | null;
  readonly stream?: ItemStream;
}

/** Runs operations on behalf of the sender of a request. */
@Injectable()
export class OperationRunner {
  constructor(
    @Inject(REQUEST_HANDLER) private readonly handler: RequestHandler,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
  ) {}

  /** @throws A2AError */
  async run(operation: Operation, request: ValidRequest, call: HttpCall): Promise<Answer> {
    const context = callContext(call.request, {
      agent: call.agent.id,
      tenant: request.tenant,
      protocolVersion: operation.version,
    });
    // An event source without a last id may send an empty header.
    const lastEventId = call.request.headers['last-event-id'] || undefined;
    const operationCall = {
      context,
      signal: operation.lasting ? call.signal() : undefined,
      lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
      v03Blocking: this.options.v03Blocking,
    };
    if (operation.open) return { stream: await operation.open(this.handler, request, operationCall) };
    return { result: await operation.answer!(this.handler, request, operationCall) };
  }
}
