import { Inject, Injectable } from '@nestjs/common';
import { unavailable } from '../../protocol/errors/index.js';
import type { AgentCapabilities, AgentCard, AgentInterface } from '../../protocol/model/index.js';
import type { CallContext } from '../../security/call-context.js';
import type { RegisteredAgent } from '../agent-registry.interface.js';
import { AGENT_ADDRESSES, type AgentAddresses } from './agent-addresses.interface.js';
import { CARDS_OPTIONS, type CardsOptions, EXTENDED_CARD_TIMEOUT_MS } from './cards.options.js';
import { CARD_SIGNER } from './signing/card-signer.factory.js';
import type { CardSigner } from './signing/card-signer.js';

interface MadeCard {
  readonly addresses: string;
  readonly unsigned: AgentCard;
  signed?: Promise<AgentCard>;
}

/** The cards of agents in canonical v1.0 form, for all bindings. They are shared: copy a card before you change it. */
@Injectable()
export class AgentCards {
  readonly #made = new Map<string, MadeCard>();

  constructor(
    @Inject(AGENT_ADDRESSES) private readonly addresses: AgentAddresses,
    @Inject(CARDS_OPTIONS) private readonly options: CardsOptions,
    @Inject(CARD_SIGNER) private readonly signer: CardSigner | null,
  ) {}

  /** The public card, unsigned. The same object until the agent's URLs change. */
  publicCard(agent: RegisteredAgent): AgentCard {
    return this.#public(agent).unsigned;
  }

  /** The public card, signed if there are keys: once, until the URLs change. Only this form may be sent with its signatures. */
  signedCard(agent: RegisteredAgent): Promise<AgentCard> {
    const made = this.#public(agent);
    made.signed ??= this.#sign(made.unsigned).catch((error: unknown) => {
      made.signed = undefined;
      throw error;
    });
    return made.signed;
  }

  /**
   * The extended card for a caller, signed if there are keys; undefined if there is none. Rejects with what the agent throws, and
   * with UNAVAILABLE if it takes too long.
   */
  async extendedCard(agent: RegisteredAgent, caller: CallContext): Promise<AgentCard | undefined> {
    if (!agent.extendedCard) return undefined;
    const { extendedCardTimeoutMs: limit = EXTENDED_CARD_TIMEOUT_MS } = this.options;
    const card = await inTime(limit, agent.extendedCard(this.publicCard(agent), caller));
    return card && this.#sign(card);
  }

  #public(agent: RegisteredAgent): MadeCard {
    const interfaces = this.addresses.of(agent);
    const addresses = JSON.stringify(interfaces);
    const known = this.#made.get(agent.id);
    if (known?.addresses === addresses) return known;
    const unsigned = buildAgentCard(agent, interfaces);
    const made: MadeCard = { addresses, unsigned };
    this.#made.set(agent.id, made);
    return made;
  }

  async #sign(card: AgentCard): Promise<AgentCard> {
    return this.signer ? this.signer.sign(card) : card;
  }
}

async function inTime<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(unavailable('The extended card was not built in time. Try again.')), ms).unref();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The public card of an agent in canonical v1.0 form, unsigned (spec 4.4.1). It has all required members and explicit
 * capabilities; what is not set is absent. The card is a copy. `interfaces`: all URLs of the agent, the preferred one first.
 */
export function buildAgentCard(agent: RegisteredAgent, interfaces: readonly AgentInterface[]): AgentCard {
  const { options } = agent;
  const { tenant } = options;
  const capabilities: AgentCapabilities = {
    streaming: options.streaming,
    pushNotifications: options.pushNotifications,
    extendedAgentCard: agent.extendedCard !== undefined,
    ...(options.extensions?.length && { extensions: options.extensions }),
  };
  const card: AgentCard = {
    name: options.name,
    description: options.description,
    supportedInterfaces: interfaces.map((entry) => (speaksOfTenants(entry) ? { ...entry, tenant } : entry)),
    provider: options.provider,
    version: options.version,
    documentationUrl: options.documentationUrl,
    capabilities,
    securitySchemes: options.securitySchemes,
    securityRequirements: options.securityRequirements,
    defaultInputModes: options.inputModes,
    defaultOutputModes: options.outputModes,
    skills: options.skills,
    iconUrl: options.iconUrl,
  };
  return JSON.parse(JSON.stringify(card)) as AgentCard;
}

/** Requests of v0.3 have no field for a tenant. */
const speaksOfTenants = ({ protocolVersion }: AgentInterface): boolean => !protocolVersion.startsWith('0.');
