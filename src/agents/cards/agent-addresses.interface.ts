import type { AgentInterface } from '../../protocol/model/index.js';
import type { RegisteredAgent } from '../agent-registry.interface.js';

export const AGENT_ADDRESSES = Symbol('AgentAddresses');

/** Where an agent is served, by every binding; the preferred address first. Asked per call, as a port may be known late. */
export interface AgentAddresses {
  of(agent: RegisteredAgent): readonly AgentInterface[];
}
