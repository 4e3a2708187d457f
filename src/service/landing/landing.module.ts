import {
  type DynamicModule,
  Inject,
  Injectable,
  type MiddlewareConsumer,
  Module,
  type NestMiddleware,
  type NestModule,
  RequestMethod,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { isLocal, namesLoopback } from '../../admin/access/request-origin.js';
import type { ConsoleUsers } from '../configuration/console.environment.js';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AGENT_REGISTRY, type AgentRegistry } from '../../agents/agent-registry.interface.js';
import { BrowserRules } from '../../transports/http/browsers/browser.rules.js';
import { varyWith } from '../../transports/http/http-reply.js';
import { refusedByHost } from '../http/pages.js';
import { landingPage, PAGE_HEADERS } from './landing.page.js';

const CONSOLE_USERS = Symbol('ConsoleUsers');

export interface LandingOptions {
  /** With a global or imported A2aModule. */
  readonly imports: DynamicModule[];
  readonly console: ConsoleUsers;
}

/**
 * Serves a page to browsers at `/`, or sends those on this machine to the console. All other requests go on to the JSON-RPC endpoint there.
 */
@Injectable()
class LandingMiddleware implements NestMiddleware<IncomingMessage, ServerResponse> {
  constructor(
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
    private readonly module: ModuleRef,
    @Inject(CONSOLE_USERS) private readonly console: ConsoleUsers,
  ) {}

  use(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    response.setHeader('vary', varyWith(response, 'Accept'));
    if (!/\btext\/html\b/i.test(request.headers.accept ?? '')) return next();
    if (refusedByHost(this.module.get(BrowserRules, { strict: false }), request, response)) return;
    if (this.console === 'this machine' && isLocal(request) && namesLoopback(request)) {
      response.writeHead(302, { location: 'console/', 'cache-control': 'no-store' }).end();
      return;
    }
    const main = this.agents.default;
    const others = this.agents.all().filter((agent) => agent !== main);
    const listed = [...(main ? [main] : []), ...others].map(({ id, options }) => ({
      id,
      name: options.name,
      description: options.description,
      isDefault: id === main?.id,
    }));
    const page = landingPage(listed, this.console !== 'nobody');
    response.writeHead(200, { ...PAGE_HEADERS, 'content-length': Buffer.byteLength(page) }).end(page);
  }
}

/** `GET /` for browsers. Takes the agents from a global or imported A2aModule. */
@Module({})
export class LandingModule implements NestModule {
  static register({ imports, console }: LandingOptions): DynamicModule {
    return { module: LandingModule, imports, providers: [{ provide: CONSOLE_USERS, useValue: console }] };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(LandingMiddleware).forRoutes({ path: '/', method: RequestMethod.GET });
  }
}
