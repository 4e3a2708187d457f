import { Inject, Injectable } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { SafeLogger } from '../../common/safe-logger.js';
import { AGENT_REGISTRY, type AgentRegistry, type RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { A2AError, httpStatusOf, internal, printable, toHttpErrorBody } from '../../protocol/errors/index.js';
import { type RequestedVersion, requestedVersion } from '../protocol-version.js';
import { BrowserRules } from '../http/browsers/browser.rules.js';
import { sendJson, varyWith } from '../http/http-reply.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http/http-transport.options.js';
import { type PlatformRequest, type PlatformResponse, rawRequest, rawResponse } from '../http/platform.js';
import { AgentCardDocuments } from './agent-card.documents.js';
import { type CacheableDocument, sendCacheable } from './cacheable.js';
import { cardVariant } from './card-variant.js';

/** Serves public cards. They change with the process at most, so its start is their date. */
@Injectable()
export class AgentCardEndpoint {
  readonly #logger = new SafeLogger('A2A');
  readonly #modified = new Date();

  constructor(
    private readonly documents: AgentCardDocuments,
    private readonly browsers: BrowserRules,
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
  ) {}

  /** `agentId` undefined: the default agent. Never rejects. */
  async handle(agentId: string | undefined, request: PlatformRequest, response: PlatformResponse): Promise<void> {
    const req = rawRequest(request);
    const { headers, url = '' } = req;
    const res = rawResponse(response);
    const vary = varyWith(res, 'A2A-Version');
    const problem = this.browsers.problem(req, res);
    if (problem !== undefined) return sendFailure(res, problem, vary);
    const agent = agentId === undefined ? this.agents.default : this.agents.get(agentId);
    if (agent === undefined) return sendJson(res, 404, JSON.stringify(noCard(agentId)), { vary });
    const document = await this.#document(agent, requestedVersion(headers, url));
    if (document instanceof A2AError) return sendFailure(res, document, vary);
    const maxAgeSeconds = this.options.cardMaxAgeSeconds;
    sendCacheable(headers, res, document, { maxAgeSeconds, modified: this.#modified, headers: { vary } });
  }

  async #document(agent: RegisteredAgent, asked: RequestedVersion): Promise<CacheableDocument | A2AError> {
    const variant = cardVariant(asked);
    if (variant instanceof A2AError) return variant;
    try {
      return await this.documents.get(agent, variant);
    } catch (error) {
      this.#logger.error(`The card of agent ${agent.id} could not be made: ${String(error)}`);
      return internal(error);
    }
  }
}

const sendFailure = (response: ServerResponse, error: A2AError, vary: string): void =>
  sendJson(response, httpStatusOf(error), JSON.stringify(toHttpErrorBody(error)), { vary });

function noCard(id: string | undefined): object {
  const message = id === undefined ? 'There is no default agent here.' : `There is no agent '${printable(id)}' here.`;
  return { error: { code: 404, status: 'NOT_FOUND', message, details: [] } };
}
