import type { AgentInterface } from '../../protocol/model/index.js';
import type { RegisteredAgent } from '../agent-registry.interface.js';

export const AGENT_ADDRESSES = Symbol('AgentAddresses');

/** Asked per call, as a port may be known late. */
export interface AgentAddresses {
  /** Where an agent is served, by every binding; the preferred address first. */
  of(agent: RegisteredAgent): readonly AgentInterface[];
  /** Where the public keys of signatures are served; undefined when no public url was configured. */
  keySet(): string | undefined;
}
