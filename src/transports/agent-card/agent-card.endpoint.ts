import { Inject, Injectable } from '@nestjs/common';
import { AGENT_REGISTRY, type AgentRegistry } from '../../agents/agent-registry.interface.js';
import { A2AError, httpStatusOf, printable, toHttpErrorBody } from '../../protocol/errors/index.js';
import { askedVersion } from '../http/asked-version.js';
import { sendJson, varyWith } from '../http/http-reply.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http/http-transport.options.js';
import { type PlatformRequest, type PlatformResponse, rawRequest, rawResponse } from '../http/platform.js';
import { AgentCardDocuments } from './agent-card.documents.js';
import { cardVariant } from './card-variant.js';
import { isNotModified } from './conditional-get.js';

/** Serves public cards with the headers of spec 8.6. They change with the process at most, so its start is their date. */
@Injectable()
export class AgentCardEndpoint {
  readonly #modified = new Date();

  constructor(
    private readonly documents: AgentCardDocuments,
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
  ) {}

  /** `agentId` undefined: the default agent. */
  handle(agentId: string | undefined, request: PlatformRequest, response: PlatformResponse): void {
    const { headers, url = '' } = rawRequest(request);
    const res = rawResponse(response);
    const vary = varyWith(res, 'A2A-Version');
    const agent = agentId === undefined ? this.agents.default : this.agents.get(agentId);
    if (agent === undefined) return sendJson(res, 404, JSON.stringify(noCard(agentId)), { vary });
    const variant = cardVariant(askedVersion(headers, url));
    if (variant instanceof A2AError) {
      return sendJson(res, httpStatusOf(variant), JSON.stringify(toHttpErrorBody(variant)), { vary });
    }
    const { body, etag } = this.documents.get(agent, variant);
    const caching = {
      vary,
      etag,
      'last-modified': this.#modified.toUTCString(),
      'cache-control': `public, max-age=${this.options.cardMaxAgeSeconds}`,
    };
    if (isNotModified(headers, etag, this.#modified)) res.writeHead(304, caching).end();
    else sendJson(res, 200, body, caching);
  }
}

function noCard(id: string | undefined): object {
  const message = id === undefined ? 'There is no default agent here.' : `There is no agent '${printable(id)}' here.`;
  return { error: { code: 404, status: 'NOT_FOUND', message, details: [] } };
}
