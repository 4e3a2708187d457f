import type { AgentRegistry } from '../../agents/agent-registry.interface.js';
import { type A2AError, invalidRequest, printable } from '../../protocol/errors/index.js';
import { type MessageType, ProtobufError } from '../../protocol/protobuf/index.js';
import { assertVersion, requestedVersion } from '../protocol-version.js';
import { activatedExtensions } from '../extensions.js';
import type { Answer } from '../operation.js';
import type { OperationRunner } from '../operation.runner.js';
import { assertSupported } from '../operations.js';
import { AGENT_KEY, type AnyCall, calledAgent, calledAgentId, callSignal, headersOf } from './server-call.js';
import type { GrpcClientCall } from './client-call.js';
import type { GrpcPorts } from './grpc-transport.interface.js';
import type { GrpcMethod } from './service.definition.js';

/** A response and its initial metadata. */
export interface GrpcAnswer extends Answer {
  readonly headers: Readonly<Record<string, string>>;
}

/** Decodes the bytes and metadata of a call and runs its operation. */
export class GrpcDispatcher {
  constructor(
    private readonly agents: AgentRegistry,
    private readonly runner: OperationRunner,
    private readonly options: GrpcPorts['http'],
  ) {}

  /** For a received call. Rejects with A2AError, or with an internal error. */
  async dispatch(call: AnyCall, { operation, request: type }: GrpcMethod, taken: GrpcClientCall): Promise<GrpcAnswer> {
    const headers = headersOf(call.metadata);
    const signal = callSignal(call);
    const agent = calledAgent(this.agents, headers);
    if (agent === undefined) throw noAgent(calledAgentId(this.agents, headers));
    const subject = `${call.getPath().slice(1)} is a call`;
    assertVersion(requestedVersion(headers, ''), operation.version, this.options.lenientVersion, subject);
    assertSupported(operation, agent);
    const request = operation.read(decoded(type, call.request, this.options.maxRequestValues));
    const answer = await this.runner.run(operation, request, {
      agent,
      request: { headers, a2a: taken.principal },
      observed: taken.observed,
      client: { left: signal.aborted, signal },
    });
    return { ...answer, headers: activatedExtensions(headers, agent.options.extensions) };
  }
}

function decoded(type: MessageType, bytes: Buffer, maxFields: number): object {
  try {
    return type.decode(bytes, maxFields);
  } catch (error) {
    if (error instanceof ProtobufError) throw invalidRequest(`The request ${error.message}.`);
    throw error;
  }
}

const noAgent = (id: string): A2AError =>
  invalidRequest(
    id === ''
      ? `There is no default agent here. Name one in the metadata ${AGENT_KEY}.`
      : `There is no agent '${printable(id)}' here.`,
  );
