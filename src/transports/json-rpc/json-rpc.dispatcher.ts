import { Inject, Injectable } from '@nestjs/common';
import { methodNotFound } from '../../protocol/errors/index.js';
import { type RequestedVersion, requestedVersion } from '../requested-version.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http/http-transport.options.js';
import { parseJsonBody } from '../http/json-body.js';
import { type Answer, type HttpCall, OperationRunner } from '../operation.runner.js';
import { assertSupported, type Operation } from '../operation.js';
import { type ProtocolVersion, refusedVersion, shapeOf, versionMismatch } from '../protocol-version.js';
import { type Envelope, readEnvelope, type RpcId } from './envelope.js';
import { V03_METHODS, V10_METHODS } from './json-rpc.methods.js';

export interface RpcCall extends HttpCall {
  readonly url: string;
  readonly body: Buffer;
}

/** The outcome of a call: exactly one of result, stream and error. */
export interface RpcOutcome extends Answer {
  readonly id: RpcId;
  readonly version: ProtocolVersion;
  /** Headers that the method sets on all its answers. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly error?: unknown;
  /** With an error: the method is a streaming one. */
  readonly opens?: boolean;
}

const METHODS: ReadonlyMap<string, Operation> = new Map(Object.entries({ ...V10_METHODS, ...V03_METHODS }));

/** From the bytes of a request to its answer. Knows nothing of sockets. */
@Injectable()
export class JsonRpcDispatcher {
  constructor(
    private readonly runner: OperationRunner,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
  ) {}

  /** Never rejects: a failure is the outcome's `error`. A stream's first batch is known when it resolves. */
  async dispatch(call: RpcCall): Promise<RpcOutcome> {
    const asked = requestedVersion(call.request.headers, call.url);
    let version = shapeOf(asked);
    let id: RpcId = null;
    let headers: RpcOutcome['headers'];
    let opens = false;
    try {
      const envelope = readEnvelope(parseJsonBody(call.body, this.options.maxRequestValues));
      id = envelope.id;
      if (envelope.error) throw envelope.error;
      const method = METHODS.get(envelope.method);
      if (method !== undefined && asked.asked === undefined) version = method.version;
      headers = method?.headers;
      opens = method?.open !== undefined;
      const operation = this.#checked(method, envelope, asked);
      assertSupported(operation, call.agent);
      const request = operation.validate(envelope.params ?? {});
      if (envelope.notification) throw envelope.notification;
      return { id, version, headers, ...(await this.runner.run(operation, request, call)) };
    } catch (error) {
      return { id, version, headers, opens, error };
    }
  }

  #checked(method: Operation | undefined, { method: name }: Envelope, asked: RequestedVersion): Operation {
    const refused = refusedVersion(asked);
    if (refused) throw refused;
    if (method === undefined) throw methodNotFound(name);
    const wrong = versionMismatch(`${name} is a method`, method.version, asked, this.options.lenientVersion);
    if (wrong) throw wrong;
    return method;
  }
}
