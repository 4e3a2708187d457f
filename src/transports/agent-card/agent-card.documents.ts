import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { buildAgentCard } from '../../agents/agent-card.builder.js';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import type { AgentInterface } from '../../protocol/model/index.js';
import { AgentUrls } from '../http/public-url.js';
import { CARD_FORMS, type CardVariant } from './card-variant.js';

export const CARD_INTERFACES = Symbol('CardInterfaces');

/** The addresses of an agent, the preferred one first, from the url of its HTTP endpoint. */
export type CardInterfaces = (url: string) => readonly AgentInterface[];

/** JSON-RPC in both versions at one url: what the request says of its version tells them apart. */
export const jsonRpcInterfaces: CardInterfaces = (url) => [
  { url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
  { url, protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
];

export interface CardDocument {
  readonly body: string;
  /** Strong: a hash of the bytes. */
  readonly etag: string;
}

/** The cards as they are sent. Each is made once; its url is checked, as a port may be known only after the first request. */
@Injectable()
export class AgentCardDocuments {
  readonly #made = new Map<string, CardDocument & { readonly url: string }>();

  constructor(
    private readonly urls: AgentUrls,
    @Inject(CARD_INTERFACES) private readonly interfaces: CardInterfaces,
  ) {}

  get(agent: RegisteredAgent, variant: CardVariant): CardDocument {
    const url = this.urls.of(agent);
    const key = `${agent.id} ${variant}`;
    const made = this.#made.get(key);
    if (made?.url === url) return made;
    const card = buildAgentCard(agent, this.interfaces(url), { pushNotifications: false });
    const body = JSON.stringify(CARD_FORMS[variant](card));
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
    const document = { url, body, etag };
    this.#made.set(key, document);
    return document;
  }
}
