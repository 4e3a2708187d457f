import { isObject } from '../../common/is-object.js';
import type { AgentCard, JsonObject, SecurityScheme } from '../model/index.js';
import { toV03Card } from '../v0-3/card/index.js';
import type { ProtoAgentCard } from './proto.model.js';

/**
 * The card of the v0.3 proto: that of JSON-RPC, but security schemes and requirements as v1.0 has them too. Its OAuth
 * knows neither the device code flow nor PKCE, and it has no icon. Throws TypeError for a card without interfaces.
 */
export function toProtoCard(card: AgentCard): ProtoAgentCard {
  const { iconUrl: _icon, securitySchemes: _schemes, security: _security, ...rest } = toV03Card(card);
  return {
    ...rest,
    skills: card.skills.map(({ securityRequirements, ...skill }) => ({
      ...skill,
      ...(securityRequirements && { security: securityRequirements }),
    })),
    ...(card.securitySchemes && {
      securitySchemes: Object.fromEntries(
        Object.entries(card.securitySchemes).map(([name, scheme]) => [name, schemeToProto(scheme)]),
      ),
    }),
    ...(card.securityRequirements && { security: card.securityRequirements }),
  };
}

function schemeToProto(scheme: SecurityScheme): SecurityScheme {
  const oauth2 = scheme.oauth2SecurityScheme;
  if (oauth2 === undefined || !isObject(oauth2.flows)) return scheme;
  const { deviceCode: _deviceCode, ...flows } = oauth2.flows as Record<string, JsonObject>;
  const { authorizationCode } = flows;
  if (authorizationCode !== undefined) {
    const { pkceRequired: _pkce, ...flow } = authorizationCode;
    flows.authorizationCode = flow;
  }
  return { oauth2SecurityScheme: { ...oauth2, flows } };
}
