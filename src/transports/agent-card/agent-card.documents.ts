import { Injectable } from '@nestjs/common';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { AgentCards } from '../../agents/cards/agent-cards.js';
import type { AgentCard } from '../../protocol/model/index.js';
import { type CacheableDocument, cacheableDocument } from './cacheable.js';
import { CARD_FORMS, type CardVariant } from './card-variant.js';

/** Public cards as they are sent; each is made once. */
@Injectable()
export class AgentCardDocuments {
  readonly #made = new WeakMap<AgentCard, Map<CardVariant, CacheableDocument>>();

  constructor(private readonly cards: AgentCards) {}

  async get(agent: RegisteredAgent, variant: CardVariant): Promise<CacheableDocument> {
    // A verifier parses what v1.0 knows, and would not count the members of v0.3: only the pure form is signed.
    const card = variant === '1.0' ? await this.cards.signedCard(agent) : this.cards.publicCard(agent);
    const forms = this.#made.get(card) ?? new Map<CardVariant, CacheableDocument>();
    this.#made.set(card, forms);
    const made = forms.get(variant) ?? cacheableDocument(CARD_FORMS[variant](card));
    forms.set(variant, made);
    return made;
  }
}
