import { Injectable } from '@nestjs/common';
import type { A2aAgentOptions } from '../../agents/agent-options.js';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { checkAgentCard } from '../../agents/cards/agent-card.check.js';
import { toV03Card } from '../../protocol/v0-3/index.js';
import type { AdminAgent } from '../admin-api.types.js';
import { AdminParts } from '../admin-parts.js';

const LIMITS = ['deadlineMs', 'idleMs', 'maxRuns'] as const satisfies (keyof A2aAgentOptions)[];

/** The agents of this server, as operators see them. */
@Injectable()
export class AgentDescriptions {
  constructor(private readonly parts: AdminParts) {}

  all(): Promise<AdminAgent[]> {
    return Promise.all(this.parts.agents.all().map((agent) => this.#describe(agent)));
  }

  async #describe(agent: RegisteredAgent): Promise<AdminAgent> {
    const { cards, signsCards, routes } = this.parts;
    const { default: isDefault = false, replies, resumable } = agent.options;
    const card = await cards.signedCard(agent);
    const base = routes.base('json-rpc', true);
    return {
      id: agent.id,
      default: isDefault,
      cards: { '1.0': card, '0.3': toV03Card(cards.publicCard(agent)) },
      signed: signsCards,
      problems: checkAgentCard(card),
      path: base === undefined ? '' : `${base}/agents/${agent.id}`,
      replies,
      resumable,
      limits: limitsOf(agent.options),
    };
  }
}

function limitsOf({ retry, ...options }: RegisteredAgent['options']): Record<string, number> {
  const all: [string, unknown][] = [
    ...LIMITS.map((name): [string, unknown] => [name, options[name]]),
    ...Object.entries(retry ?? {}).map(([name, value]): [string, unknown] => [`retry.${name}`, value]),
  ];
  return Object.fromEntries(all.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}
