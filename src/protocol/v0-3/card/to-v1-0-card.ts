import type { AgentCard, AgentInterface, SecurityRequirement, SecurityScheme } from '../../model/index.js';
import { requirementToV10 } from './security-requirement.js';
import { schemeToV10 } from './security-scheme.js';
import type { V03AgentCard, V03SecurityRequirement } from './v0-3-card.model.js';

/**
 * The canonical card of a v0.3 one: `url` first, then the additional interfaces (the same one again is left out), all of
 * the card's protocol version as Major.Minor. Signatures are left out, since they cover the v0.3 form.
 */
export function toV10Card(card: V03AgentCard): AgentCard {
  const schemes = Object.entries(card.securitySchemes ?? {}).map(
    ([name, scheme]) => [name, schemeToV10(name, scheme)] as const,
  );
  const names = new Map(schemes.map(([name, made]) => [name, made.map(([each]) => each)]));
  const requirements = (security: V03SecurityRequirement[]): SecurityRequirement[] =>
    security.flatMap((requirement) => requirementToV10(requirement, names));
  const { streaming, pushNotifications, extensions } = card.capabilities;
  const extended = card.supportsAuthenticatedExtendedCard;
  return {
    name: card.name,
    description: card.description,
    supportedInterfaces: interfacesOf(card),
    ...(card.provider && { provider: card.provider }),
    version: card.version,
    ...(card.documentationUrl !== undefined && { documentationUrl: card.documentationUrl }),
    capabilities: {
      ...(streaming !== undefined && { streaming }),
      ...(pushNotifications !== undefined && { pushNotifications }),
      ...(extended !== undefined && { extendedAgentCard: extended }),
      ...(extensions && { extensions }),
    },
    ...(card.securitySchemes && {
      securitySchemes: Object.fromEntries(schemes.flatMap(([, made]) => made)) as Record<string, SecurityScheme>,
    }),
    ...(card.security && { securityRequirements: requirements(card.security) }),
    defaultInputModes: card.defaultInputModes,
    defaultOutputModes: card.defaultOutputModes,
    skills: card.skills.map(({ security, ...skill }) => ({
      ...skill,
      ...(security && { securityRequirements: requirements(security) }),
    })),
    ...(card.iconUrl !== undefined && { iconUrl: card.iconUrl }),
  };
}

function interfacesOf(card: V03AgentCard): AgentInterface[] {
  const protocolVersion = (card.protocolVersion ?? '0.3').split('.').slice(0, 2).join('.');
  const first = { url: card.url, transport: card.preferredTransport ?? 'JSONRPC' };
  const others = (card.additionalInterfaces ?? []).filter(
    ({ url, transport }) => url !== first.url || transport !== first.transport,
  );
  return [first, ...others].map(({ url, transport }) => ({ url, protocolBinding: transport, protocolVersion }));
}
