import { Inject, Injectable } from '@nestjs/common';
import { AGENT_REGISTRY, type AgentRegistry } from '../agents/agent-registry.interface.js';
import { AgentCards } from '../agents/cards/agent-cards.js';
import { extendedAgentCardNotConfigured, unauthenticated, unsupportedOperation } from '../protocol/errors/index.js';
import type { AgentCard, GetExtendedAgentCardRequest } from '../protocol/model/index.js';
import { type CallContext, isAuthenticated } from '../security/call-context.js';

/** GetExtendedAgentCard. Spec 3.1.11, 13.3. */
@Injectable()
export class GetExtendedAgentCardOperation {
  constructor(
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
    private readonly cards: AgentCards,
  ) {}

  /** Only for callers that a guard has identified; nothing of the card is built for others. The agent decides what this caller sees. */
  async execute(_request: GetExtendedAgentCardRequest, caller: CallContext): Promise<AgentCard> {
    const agent = this.agents.get(caller.agent);
    if (!agent?.extendedCard) throw unsupportedOperation('This agent has no extended card. Use the public one.');
    if (!isAuthenticated(caller)) {
      throw unauthenticated('The extended card needs authentication: send credentials, as the public card says.');
    }
    const card = await this.cards.extendedCard(agent, caller);
    if (!card) throw extendedAgentCardNotConfigured();
    return card;
  }
}
