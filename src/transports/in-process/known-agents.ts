import type { AgentRegistry } from '../../agents/agent-registry.interface.js';

/** The end of an error about an agent that does not exist. */
export function knownAgents(agents: Pick<AgentRegistry, 'all'>): string {
  const known = agents.all().map(({ id }) => `'${id}'`);
  return `There is: ${known.join(', ') || 'none'}.`;
}
