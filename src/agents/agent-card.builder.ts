import type { AgentCapabilities, AgentCard, AgentInterface } from '../protocol/model/index.js';
import type { RegisteredAgent } from './agent-registry.interface.js';

/**
 * The public card of an agent in canonical v1.0 form, unsigned (spec 4.4.1). All required members are there, the capabilities
 * are explicit, and what is not set is absent. The card is a copy: changing it changes nothing else.
 * `interfaces`: every address the agent is served at, the preferred one first.
 */
export function buildAgentCard(agent: RegisteredAgent, interfaces: readonly AgentInterface[]): AgentCard {
  const { options } = agent;
  const { tenant } = options;
  const capabilities: AgentCapabilities = {
    streaming: options.streaming,
    pushNotifications: options.pushNotifications,
    extendedAgentCard: agent.extendedCard !== undefined,
    ...(options.extensions?.length && { extensions: options.extensions }),
  };
  const card: AgentCard = {
    name: options.name,
    description: options.description,
    supportedInterfaces: interfaces.map((entry) => (speaksOfTenants(entry) ? { ...entry, tenant } : entry)),
    provider: options.provider,
    version: options.version,
    documentationUrl: options.documentationUrl,
    capabilities,
    securitySchemes: options.securitySchemes,
    securityRequirements: options.securityRequirements,
    defaultInputModes: options.inputModes,
    defaultOutputModes: options.outputModes,
    skills: options.skills,
    iconUrl: options.iconUrl,
  };
  return JSON.parse(JSON.stringify(card)) as AgentCard;
}

/** Requests of v0.3 have no field for one. */
const speaksOfTenants = ({ protocolVersion }: AgentInterface): boolean => !protocolVersion.startsWith('0.');
