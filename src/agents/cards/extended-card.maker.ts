import { invalidAgentResponse } from '../../protocol/errors/index.js';
import type { AgentCard, AgentSkill } from '../../protocol/model/index.js';
import type { RegisteredAgent } from '../agent-registry.interface.js';
import type { AgentCardCall } from '../agent.invoker.js';
import { checkAgentCard } from './agent-card.check.js';
import type { ExtendedCardOptions } from './extended-card.options.js';
import { cloneJson } from '../../protocol/clone-json.js';

/**
 * Makes extended cards: the additions of the options, then the agent's method. Rejects with INVALID_AGENT_RESPONSE, naming the
 * first problem, if the result is not a card.
 */
export function extendedCardMaker(
  call: AgentCardCall,
  additions?: ExtendedCardOptions,
): NonNullable<RegisteredAgent['extendedCard']> {
  return async (card, caller) => {
    const made = await call(extendCard(card, additions), caller);
    return made === undefined || made === null ? undefined : checked(made);
  };
}

function checked(made: unknown): AgentCard {
  let card: unknown;
  try {
    card = JSON.parse(JSON.stringify(made));
  } catch (error) {
    throw invalidAgentResponse('The extended card of this agent is not JSON.', error);
  }
  const [problem] = checkAgentCard(card);
  if (problem !== undefined) throw invalidAgentResponse(`The extended card of this agent is malformed: ${problem}`);
  const { signatures: _signatures, ...own } = card as AgentCard;
  return own;
}

/**
 * Adds the additions to a copy of a card: skills and security schemes are added (the same id or name replaces), everything else
 * replaces.
 */
function extendCard(card: AgentCard, additions: ExtendedCardOptions = {}): AgentCard {
  const { skills = [], inputModes, outputModes, securitySchemes, ...fields } = additions;
  const extended: AgentCard = {
    ...card,
    ...fields,
    ...(inputModes && { defaultInputModes: inputModes }),
    ...(outputModes && { defaultOutputModes: outputModes }),
    ...(securitySchemes && { securitySchemes: { ...card.securitySchemes, ...securitySchemes } }),
    skills: withSkills(card.skills, skills),
  };
  // The signatures of the public card do not cover the additions.
  delete extended.signatures;
  return cloneJson(extended);
}

function withSkills(own: readonly AgentSkill[], added: readonly AgentSkill[]): AgentSkill[] {
  const replaced = new Map(added.map((skill) => [skill.id, skill]));
  const ids = new Set(own.map(({ id }) => id));
  return [...own.map((skill) => replaced.get(skill.id) ?? skill), ...added.filter(({ id }) => !ids.has(id))];
}
