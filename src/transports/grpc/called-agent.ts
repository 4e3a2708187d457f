import type { AgentRegistry, RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { AGENT_KEY } from './call-headers.js';
import type { GrpcCall } from './grpc.options.js';

/** The id of the agent that a call names, else of the default one; '' when there is none. */
export const calledAgentId = (agents: AgentRegistry, headers: GrpcCall['headers']): string =>
  headers[AGENT_KEY] || (agents.default?.id ?? '');

/** The agent that a call is for, as far as there is one. */
export const calledAgent = (agents: AgentRegistry, headers: GrpcCall['headers']): RegisteredAgent | undefined =>
  headers[AGENT_KEY] ? agents.get(headers[AGENT_KEY]) : agents.default;
