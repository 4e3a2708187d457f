import { Inject, Injectable } from '@nestjs/common';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { methodNotFound } from '../../protocol/errors/index.js';
import {
  type ItemStream,
  REQUEST_HANDLER,
  type RequestHandler,
} from '../../request-handler/request-handler.interface.js';
import { type AskedVersion, askedVersion } from '../http/asked-version.js';
import { callContext } from '../http/call-context.factory.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http/http-transport.options.js';
import { parseJsonBody } from '../http/json-body.js';
import type { PlatformRequest } from '../http/platform.js';
import { type Envelope, readEnvelope, type RpcId } from './envelope.js';
import type { RpcMethod } from './rpc-method.js';
import { type ProtocolVersion, refusedVersion, shapeOf, wrongFamily } from './rpc-version.js';
import { V03_METHODS } from './v0-3.methods.js';
import { V10_METHODS } from './v1-0.methods.js';

export interface RpcCall {
  readonly agent: RegisteredAgent;
  readonly request: PlatformRequest;
  readonly url: string;
  readonly body: Buffer;
  /** Asked for only by methods that may last. */
  readonly signal: () => AbortSignal;
}

/** What came of a call: one of result, stream and error. */
export interface RpcOutcome {
  readonly id: RpcId;
  readonly version: ProtocolVersion;
  /** What the method says of all its answers. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly result?: object;
  readonly stream?: ItemStream;
  readonly error?: unknown;
}

const METHODS: ReadonlyMap<string, RpcMethod> = new Map(Object.entries({ ...V10_METHODS, ...V03_METHODS }));

/** From the bytes of a request to what is to be answered. Knows nothing of sockets. */
@Injectable()
export class JsonRpcDispatcher {
  constructor(
    @Inject(REQUEST_HANDLER) private readonly handler: RequestHandler,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
  ) {}

  /** Never rejects: what goes wrong is the outcome's `error`. A stream's first batch is known when it resolves. */
  async dispatch(call: RpcCall): Promise<RpcOutcome> {
    const asked = askedVersion(call.request.headers, call.url);
    let version = shapeOf(asked);
    let id: RpcId = null;
    let headers: RpcOutcome['headers'];
    try {
      const envelope = readEnvelope(parseJsonBody(call.body));
      id = envelope.id;
      if (envelope.error) throw envelope.error;
      const method = METHODS.get(envelope.method);
      if (method !== undefined && asked.asked === undefined) version = method.version;
      headers = method?.headers;
      return { id, version, headers, ...(await this.#run(this.#checked(method, envelope, asked), envelope, call)) };
    } catch (error) {
      return { id, version, headers, error };
    }
  }

  #checked(method: RpcMethod | undefined, { method: name }: Envelope, asked: AskedVersion): RpcMethod {
    const refused = refusedVersion(asked);
    if (refused) throw refused;
    if (method === undefined) throw methodNotFound(name);
    const wrong = wrongFamily(name, method.version, asked, this.options.lenientVersion);
    if (wrong) throw wrong;
    return method;
  }

  async #run(method: RpcMethod, { params }: Envelope, call: RpcCall): Promise<Pick<RpcOutcome, 'result' | 'stream'>> {
    const request = method.validate(params ?? {});
    const { agent } = call;
    const context = callContext(call.request, {
      agent: agent.id,
      tenant: request.tenant,
      protocolVersion: method.version,
    });
    // An event source without a last id may say so with an empty header.
    const lastEventId = call.request.headers['last-event-id'] || undefined;
    const methodCall = {
      context,
      signal: method.lasting ? call.signal() : undefined,
      lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
      v03Blocking: this.options.v03Blocking,
    };
    if (method.open) return { stream: await method.open(this.handler, request, methodCall) };
    return { result: await method.answer!(this.handler, request, methodCall) };
  }
}
