import type { AgentInterface } from '../../protocol/model/index.js';
import type { RegisteredAgent } from '../agent-registry.interface.js';

export const AGENT_ADDRESSES = Symbol('AgentAddresses');

/** Evaluated per call, because a port may be known late. */
export interface AgentAddresses {
  /** Where an agent is served, by every binding; the preferred address first. */
  of(agent: RegisteredAgent): readonly AgentInterface[];
  /** URL of the public keys of signatures; undefined if no public URL is configured. */
  keySet(): string | undefined;
}
