import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { AgentCards } from '../../agents/cards/agent-cards.js';
import type { AgentCard } from '../../protocol/model/index.js';
import { CARD_FORMS, type CardVariant } from './card-variant.js';

export interface CardDocument {
  readonly body: string;
  /** Strong: a hash of the bytes, signatures included. */
  readonly etag: string;
}

/** Public cards as they are sent; each is made once. */
@Injectable()
export class AgentCardDocuments {
  readonly #made = new WeakMap<AgentCard, Map<CardVariant, CardDocument>>();

  constructor(private readonly cards: AgentCards) {}

  async get(agent: RegisteredAgent, variant: CardVariant): Promise<CardDocument> {
    const card = await this.cards.publicCard(agent);
    const forms = this.#made.get(card) ?? new Map<CardVariant, CardDocument>();
    this.#made.set(card, forms);
    const made = forms.get(variant) ?? documentOf(CARD_FORMS[variant](card));
    forms.set(variant, made);
    return made;
  }
}

function documentOf(card: object): CardDocument {
  const body = JSON.stringify(card);
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"` };
}
