import type { AgentCard } from '../../model/index.js';
import { schemeToV03 } from './security-scheme.js';
import { skillToV03, toV03Card } from './to-v0-3-card.js';
import type { MergedAgentCard } from './v0-3-card.model.js';

/**
 * For a reader that did not say its version: the members of both cards in one object, each security scheme holding both
 * forms. Unsigned: a v1.0 verifier would not count the v0.3 members, a v0.3 one might.
 */
export function mergedCard(card: AgentCard): MergedAgentCard {
  const { signatures: _signatures, ...own } = card;
  const { skills: _skills, capabilities: _capabilities, securitySchemes: _schemes, ...older } = toV03Card(card);
  return {
    ...older,
    ...own,
    skills: card.skills.map((skill) => ({ ...skill, ...skillToV03(skill) })),
    ...(card.securitySchemes && {
      securitySchemes: Object.fromEntries(
        Object.entries(card.securitySchemes).map(([name, scheme]) => [name, { ...scheme, ...schemeToV03(scheme) }]),
      ) as MergedAgentCard['securitySchemes'],
    }),
  };
}
