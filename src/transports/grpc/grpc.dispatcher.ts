import { Inject, Injectable } from '@nestjs/common';
import { AGENT_REGISTRY, type AgentRegistry, type RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { type A2AError, invalidRequest, printable, unauthenticated } from '../../protocol/errors/index.js';
import { type MessageType, ProtobufError } from '../../protocol/protobuf/index.js';
import type { A2aPrincipal } from '../../security/principal.js';
import { askedVersion } from '../http/asked-version.js';
import { callContext } from '../http/call-context.factory.js';
import { activatedExtensions } from '../http/extensions.js';
import { fromHttpException } from '../http/http-exception.mapping.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http/http-transport.options.js';
import type { MethodCall, RpcMethod } from '../json-rpc/rpc-method.js';
import { refusedVersion, wrongFamily } from '../json-rpc/rpc-version.js';
import { headersOf } from './call-headers.js';
import { type AnyCall, callSignal } from './call-signal.js';
import { GRPC_OPTIONS, type GrpcCall, type GrpcSettings } from './grpc.options.js';
import type { GrpcMethod } from './service.definition.js';

/** The metadata key that names an agent; without it the default agent is meant. */
export const AGENT_KEY = 'x-a2a-agent';

/** A call that may be run. */
export interface AcceptedCall {
  readonly request: ReturnType<RpcMethod['validate']>;
  readonly call: MethodCall;
  /** For the initial metadata. */
  readonly headers: Readonly<Record<string, string>>;
}

/** From the bytes and metadata of a call to a valid request of a known caller. */
@Injectable()
export class GrpcDispatcher {
  constructor(
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
    @Inject(GRPC_OPTIONS) private readonly settings: GrpcSettings,
  ) {}

  /** The agent that a call is for, as far as there is one. */
  agentOf(call: AnyCall): RegisteredAgent | undefined {
    const [named] = call.metadata.get(AGENT_KEY);
    return named === undefined || named === '' ? this.agents.default : this.agents.get(String(named));
  }

  /** Rejects with what is to be answered instead: A2AError, or an internal error. First of all it asks who calls. */
  async accept(call: AnyCall, { method, request: type }: GrpcMethod): Promise<AcceptedCall> {
    const headers = headersOf(call.metadata);
    const signal = callSignal(call);
    const principal = await this.#principal(call, headers, signal);
    // Nothing is begun for a client that has left meanwhile.
    signal.throwIfAborted();
    const agent = this.agentOf(call);
    if (agent === undefined) throw noAgent(headers[AGENT_KEY]);
    const asked = askedVersion(headers, '');
    const name = call.getPath().split('/').at(-1) ?? '';
    const wrong = refusedVersion(asked) ?? wrongFamily(name, method.version, asked, this.options.lenientVersion);
    if (wrong) throw wrong;
    const request = method.validate(decoded(type, call.request));
    const target = { agent: agent.id, tenant: request.tenant, protocolVersion: method.version };
    return {
      request,
      call: {
        context: callContext({ headers, a2a: principal }, target),
        signal,
        lastEventId: headers['last-event-id'] || undefined,
        v03Blocking: this.options.v03Blocking,
      },
      headers: activatedExtensions(headers, agent.options.extensions),
    };
  }

  async #principal(
    call: AnyCall,
    headers: GrpcCall['headers'],
    signal: AbortSignal,
  ): Promise<A2aPrincipal | undefined> {
    const { authenticate } = this.settings;
    if (authenticate === 'anonymous') return undefined;
    let principal: A2aPrincipal | undefined;
    try {
      principal = await authenticate({
        path: call.getPath(),
        agent: headers[AGENT_KEY] || (this.agents.default?.id ?? ''),
        headers,
        peer: call.getPeer(),
        certificate: call.getAuthContext().sslPeerCertificate,
        signal,
      });
    } catch (error) {
      throw fromHttpException(error).error;
    }
    // An authenticator that found nobody must not make its callers anonymous.
    if (typeof principal?.owner !== 'string' || principal.owner === '')
      throw unauthenticated('The caller is not known.');
    return principal;
  }
}

function decoded(type: MessageType, bytes: Buffer): object {
  try {
    return type.decode(bytes);
  } catch (error) {
    if (error instanceof ProtobufError) throw invalidRequest(`The request ${error.message}.`);
    throw error;
  }
}

const noAgent = (id: string | undefined): A2AError =>
  invalidRequest(
    id === undefined || id === ''
      ? `There is no default agent here. Name one in the metadata ${AGENT_KEY}.`
      : `There is no agent '${printable(id)}' here.`,
  );
