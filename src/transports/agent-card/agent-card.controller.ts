import { Controller, Get, Req, Res, type Type, VERSION_NEUTRAL } from '@nestjs/common';
import { A2aRoute } from '../http/a2a-route.decorator.js';
import type { PlatformRequest, PlatformResponse } from '../http/platform.js';
import { AgentCardEndpoint } from './agent-card.endpoint.js';

/** Card of the default agent below `path`, of each agent below `path/agents/{id}`; `agent.json` is what it was called up to 0.2. */
export function createAgentCardController(path: string): Type {
  @Controller({ path: [path || '/', `${path}/agents/:agent`], version: VERSION_NEUTRAL })
  @A2aRoute('agent-card')
  class A2aAgentCardController {
    constructor(private readonly endpoint: AgentCardEndpoint) {}

    @Get(['.well-known/agent-card.json', '.well-known/agent.json'])
    card(@Req() request: PlatformRequest, @Res() response: PlatformResponse): Promise<void> {
      return this.endpoint.handle(request.params?.['agent'], request, response);
    }
  }
  return A2aAgentCardController;
}
