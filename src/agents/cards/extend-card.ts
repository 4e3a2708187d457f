import { cloneJson } from '../../protocol/clone-json.js';
import type { AgentCard, AgentSkill } from '../../protocol/model/index.js';
import type { ExtendedCardOptions } from './extended-card.options.js';

/** Puts the additions into a copy of a card: skills and security schemes are added (the same id or name replaces), the rest replaces. */
export function extendCard(card: AgentCard, additions: ExtendedCardOptions = {}): AgentCard {
  const { skills = [], inputModes, outputModes, securitySchemes, ...fields } = additions;
  const extended: AgentCard = {
    ...card,
    ...fields,
    ...(inputModes && { defaultInputModes: inputModes }),
    ...(outputModes && { defaultOutputModes: outputModes }),
    ...(securitySchemes && { securitySchemes: { ...card.securitySchemes, ...securitySchemes } }),
    skills: withSkills(card.skills, skills),
  };
  // The signatures of the public card do not cover what is added.
  delete extended.signatures;
  return cloneJson(extended);
}

function withSkills(own: readonly AgentSkill[], added: readonly AgentSkill[]): AgentSkill[] {
  const replaced = new Map(added.map((skill) => [skill.id, skill]));
  const ids = new Set(own.map(({ id }) => id));
  return [...own.map((skill) => replaced.get(skill.id) ?? skill), ...added.filter(({ id }) => !ids.has(id))];
}
