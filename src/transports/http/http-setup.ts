import { type HttpServer, Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import { AuditTrail } from '../../audit/audit.trail.js';
import { CallObserver } from '../call.observer.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { LogScopes } from '../../common/logging/log-scopes.js';
import { LIMITS_OPTIONS, type LimitsOptions } from '../../common/limits.options.js';
import { isA2aPath, readEscapedColons } from './a2a-paths.js';
import { beforeRequests } from './before-requests.js';
import { Cors } from './browsers/cors.js';
import { recordGuardRefusals } from './guard-refusals.js';
import { shareExpressShapes } from './express.shapes.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from './http-transport.options.js';
import { OWN_CONTROLLERS } from './own-routes.js';
import { RegisteredRoutes } from './registered-routes.js';
import { RouteLog } from './route-log.js';
import { scopeRequests } from './request-scope.js';
import { watchRoutes } from './route-watch.js';
import { setServerTimeouts } from './server-timeouts.js';
import { leaveBodiesOnExpress } from './unread-bodies.express.js';
import { leaveBodiesOnFastify } from './unread-bodies.fastify.js';

const PREPARED = new WeakSet<HttpServer>();

/** Whether the application of this adapter imports the module. */
export const isPrepared = (adapter: HttpServer): boolean => PREPARED.has(adapter);

/**
 * Prepares the HTTP adapter of the application for our routes, which read request bodies themselves, with their own limit and errors.
 * All other routes keep the parsers that the application has. A context without HTTP has no adapter, and nothing is done.
 */
@Injectable()
export class HttpSetup implements OnModuleInit {
  readonly #log = new SafeLogger('A2aModule');
  readonly #routeLog = new RouteLog();
  #bases?: readonly string[];

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly routes: RegisteredRoutes,
    private readonly cors: Cors,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
    @Inject(LIMITS_OPTIONS) private readonly limits: LimitsOptions,
    private readonly scopes: LogScopes,
    private readonly observer: CallObserver,
    private readonly trail: AuditTrail,
  ) {
    // A TestingModule gets its adapter after its providers.
    if (this.#adapter()) this.#beforeTheApplication();
    else host.init$.subscribe(() => this.#beforeTheApplication());
  }

  /**
   * What needs the server. Runs after the application's own code in `main.ts`, before Nest registers routes.
   * @throws Error for an HTTP adapter that is not Express or Fastify
   */
  beforeRoutes(): void {
    const adapter = this.#adapter();
    if (!adapter) return;
    const type = adapter.getType();
    const server = adapter.getHttpServer() as Server;
    if (type !== 'express' && type !== 'fastify') {
      throw new Error(`A2aModule: HTTP adapter '${type}' is not supported. Use platform-express or platform-fastify.`);
    }
    if (type === 'express') shareExpressShapes(server);
    setServerTimeouts(server as Partial<Server>, this.options.keepAliveTimeoutMs, this.limits);
    if (this.scopes.on) scopeRequests(adapter, this.scopes, (url) => this.#isOurs(url));
    if (this.trail.on) {
      const reached = (response: object): boolean => this.observer.reached(response);
      recordGuardRefusals(adapter, this.trail, (url) => this.#isOurs(url), reached);
    }
    if (this.options.cors) {
      beforeRequests(
        adapter,
        (request, response) => this.#isOurs(request.url ?? '/') && this.cors.answer(request, response),
      );
    }
    this.#routeLog.begin(OWN_CONTROLLERS, (path) => this.routes.has(path));
  }

  /** Runs after the routes were registered. */
  onModuleInit(): void {
    this.#routeLog.end();
    const { length } = this.routes.all;
    if (length > 0)
      this.#log.log(
        `Mapped ${length} routes of A2A below ${this.routes
          .bases()
          .map((base) => `${base}/`)
          .join(', ')}`,
      );
    for (const kind of ['json-rpc', 'rest'] as const) {
      for (const byId of [false, true]) checkUrl(this.routes.base(kind, byId));
    }
  }

  #adapter(): HttpServer | undefined {
    return (this.host.httpAdapter as HttpServer | null | undefined) ?? undefined;
  }

  /** Before the application or Nest can register a body parser, or a route. */
  #beforeTheApplication(): void {
    const adapter = this.#adapter();
    if (adapter) PREPARED.add(adapter);
    switch (adapter?.getType?.()) {
      case 'express': {
        leaveBodiesOnExpress(adapter, (url) => this.#isOurs(url));
        watchRoutes(adapter, (route, method, path, register) => {
          this.routes.add(route, method, path);
          return register();
        });
        break;
      }
      case 'fastify': {
        const leavingBodies = leaveBodiesOnFastify(adapter, (url) => this.#isOurs(url));
        readEscapedColons(adapter);
        watchRoutes(adapter, (route, method, path, register) => {
          this.routes.add(route, method, path);
          return leavingBodies(register);
        });
        break;
      }
    }
  }

  #isOurs(url: string): boolean {
    this.#bases ??= this.routes.bases();
    return this.#bases.some((base) => isA2aPath(url, base, this.options.bindings));
  }
}

function checkUrl(base: string | undefined): void {
  if (base === undefined || !/[:*{}]/.test(base)) return;
  throw new Error(
    `A2aModule: the routes are below '${base}', which is no URL that an agent card can name. Use a global prefix without parameters, or exclude the routes of A2A from it.`,
  );
}
