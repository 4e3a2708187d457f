import type { AgentCard, AgentInterface, AgentSkill } from '../../model/index.js';
import { requirementToV03 } from './security-requirement.js';
import { schemeToV03 } from './security-scheme.js';
import type { V03AgentCard, V03AgentSkill } from './v0-3-card.model.js';

/** v0.3 cards carry a full version, unlike v1.0 ones. */
const PROTOCOL_VERSION = '0.3.0';

/**
 * The v0.3 card of an agent: its interfaces of version 0.x, or all of them when it declares none. The first is `url` and
 * `preferredTransport`; all are in `additionalInterfaces`. Signatures are left out, since they cover the v1.0 form.
 * Security schemes keep their names. Throws TypeError for a card without interfaces, which has no URL to give.
 */
export function toV03Card(card: AgentCard): V03AgentCard {
  const interfaces = interfacesOf(card);
  const [preferred] = interfaces;
  if (!preferred) throw new TypeError(`The card of ${card.name} has no supportedInterfaces: it needs at least one.`);
  const { streaming, pushNotifications, extendedAgentCard, extensions } = card.capabilities;
  return {
    protocolVersion: PROTOCOL_VERSION,
    name: card.name,
    description: card.description,
    url: preferred.url,
    preferredTransport: preferred.protocolBinding,
    additionalInterfaces: interfaces.map(({ url, protocolBinding }) => ({ url, transport: protocolBinding })),
    ...(card.iconUrl !== undefined && { iconUrl: card.iconUrl }),
    ...(card.provider && { provider: card.provider }),
    version: card.version,
    ...(card.documentationUrl !== undefined && { documentationUrl: card.documentationUrl }),
    capabilities: {
      ...(streaming !== undefined && { streaming }),
      ...(pushNotifications !== undefined && { pushNotifications }),
      ...(extensions && { extensions }),
    },
    ...(card.securitySchemes && { securitySchemes: schemesToV03(card.securitySchemes) }),
    ...(card.securityRequirements && { security: card.securityRequirements.map(requirementToV03) }),
    defaultInputModes: card.defaultInputModes,
    defaultOutputModes: card.defaultOutputModes,
    skills: card.skills.map(skillToV03),
    ...(extendedAgentCard !== undefined && { supportsAuthenticatedExtendedCard: extendedAgentCard }),
  };
}

function interfacesOf({ supportedInterfaces }: AgentCard): AgentInterface[] {
  const older = supportedInterfaces.filter(({ protocolVersion }) => protocolVersion.startsWith('0.'));
  return older.length > 0 ? older : supportedInterfaces;
}

function schemesToV03(schemes: NonNullable<AgentCard['securitySchemes']>): V03AgentCard['securitySchemes'] {
  const entries = Object.entries(schemes).map(([name, scheme]) => [name, schemeToV03(scheme)] as const);
  return Object.fromEntries(entries.flatMap(([name, scheme]) => (scheme ? [[name, scheme]] : [])));
}

export function skillToV03({ securityRequirements, ...skill }: AgentSkill): V03AgentSkill {
  return { ...skill, ...(securityRequirements && { security: securityRequirements.map(requirementToV03) }) };
}
