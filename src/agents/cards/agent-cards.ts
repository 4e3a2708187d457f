import { Inject, Injectable } from '@nestjs/common';
import type { AgentCard } from '../../protocol/model/index.js';
import type { CallContext } from '../../security/call-context.js';
import { buildAgentCard } from '../agent-card.builder.js';
import type { RegisteredAgent } from '../agent-registry.interface.js';
import { AGENT_ADDRESSES, type AgentAddresses } from './agent-addresses.interface.js';

interface MadeCard {
  readonly addresses: string;
  readonly card: Promise<AgentCard>;
}

/** The cards of agents in canonical v1.0 form, for all bindings. They are shared: who changes one takes a copy. */
@Injectable()
export class AgentCards {
  readonly #made = new Map<string, MadeCard>();

  constructor(@Inject(AGENT_ADDRESSES) private readonly addresses: AgentAddresses) {}

  /** What everybody may see. The same object until the agent's addresses change. */
  publicCard(agent: RegisteredAgent): Promise<AgentCard> {
    const interfaces = this.addresses.of(agent);
    const addresses = JSON.stringify(interfaces);
    const made = this.#made.get(agent.id);
    if (made?.addresses === addresses) return made.card;
    const card = Promise.resolve(buildAgentCard(agent, interfaces, { pushNotifications: false }));
    this.#made.set(agent.id, { addresses, card });
    return card;
  }

  /** What an authenticated caller may see; undefined when there is nothing for this one. Rejects with what the agent throws. */
  async extendedCard(agent: RegisteredAgent, caller: CallContext): Promise<AgentCard | undefined> {
    return agent.extendedCard?.(await this.publicCard(agent), caller);
  }
}
