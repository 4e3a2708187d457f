import {
  Inject,
  Injectable,
  type MiddlewareConsumer,
  Module,
  type NestMiddleware,
  type NestModule,
  RequestMethod,
} from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AGENT_REGISTRY, type AgentRegistry } from '../../agents/agent-registry.interface.js';
import { landingPage, PAGE_HEADERS } from './landing.page.js';

/** Serves a page to browsers at `/`. All other requests go on to the JSON-RPC endpoint there. */
@Injectable()
class LandingMiddleware implements NestMiddleware<IncomingMessage, ServerResponse> {
  constructor(@Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry) {}

  use(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    response.setHeader('vary', 'Accept');
    if (!/\btext\/html\b/i.test(request.headers.accept ?? '')) return next();
    const main = this.agents.default;
    const others = this.agents.all().filter((agent) => agent !== main);
    const listed = [...(main ? [main] : []), ...others].map(({ id, options }) => ({
      id,
      name: options.name,
      description: options.description,
      isDefault: id === main?.id,
    }));
    const page = landingPage(listed);
    response.writeHead(200, { ...PAGE_HEADERS, 'content-length': Buffer.byteLength(page) }).end(page);
  }
}

/** `GET /` for browsers. Takes the agents from a global or imported A2aModule. */
@Module({})
export class LandingModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(LandingMiddleware).forRoutes({ path: '/', method: RequestMethod.GET });
  }
}
