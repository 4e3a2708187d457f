import { type DynamicModule, Module, type ModuleMetadata, type NestModule } from '@nestjs/common';
import { createAgentCardController } from './agent-card/agent-card.controller.js';
import { AgentCardDocuments } from './agent-card/agent-card.documents.js';
import { AgentCardEndpoint } from './agent-card/agent-card.endpoint.js';
import { createKeySetController } from './agent-card/key-set.controller.js';
import { BrowserRules } from './http/browsers/browser.rules.js';
import { Cors } from './http/browsers/cors.js';
import { TenantPathsCheck } from './http/boot.checks.js';
import { EnforcementCheck } from './http/enforcement.check.js';
import { type HttpBindings, normalizePath } from './http/http-transport.options.js';
import { HttpSetup } from './http/http-setup.js';
import { ownController } from './http/own-routes.js';
import { CallObserver } from './call.observer.js';
import { OperationRunner } from './operation.runner.js';
import { HttpRequestReader } from './http/http-request.reader.js';
import { IdleConnections } from './http/idle-connections.js';
import { createEventSourceControllers } from './event-source/event-source.controller.js';
import { EventSourceEndpoint } from './event-source/event-source.endpoint.js';
import { createJsonRpcController } from './json-rpc/json-rpc.controller.js';
import { JsonRpcEndpoint } from './json-rpc/json-rpc.endpoint.js';
import { UnidentifiedCallers } from './unidentified-callers.js';
import { createRestController } from './rest/rest.controller.js';
import { RestDispatcher } from './rest/rest.dispatcher.js';
import { RestEndpoint } from './rest/rest.endpoint.js';
import { RestFailures } from './rest/rest-failures.js';

export interface TransportsModuleOptions {
  /** The path of the routes; the same as `HttpTransportOptions.path`. */
  readonly path: string;
  readonly bindings: HttpBindings;
  /** Must export REQUEST_HANDLER and AGENT_REGISTRY; also CardsModule and AddressesModule. */
  readonly imports?: ModuleMetadata['imports'];
}

/** The HTTP bindings: controllers and what they need. Controllers are created for a path, which Nest must know at once. */
@Module({})
export class TransportsModule implements NestModule {
  constructor(private readonly http: HttpSetup) {}

  /** Runs before Nest registers routes. */
  configure(): void {
    this.http.beforeRoutes();
  }

  static register({ path, bindings, imports = [] }: TransportsModuleOptions): DynamicModule {
    const base = normalizePath(path);
    return {
      module: TransportsModule,
      imports,
      controllers: [
        ...(bindings.jsonRpc ? [createJsonRpcController(base)] : []),
        createAgentCardController(base),
        createKeySetController(base),
        ...(bindings.rest
          ? [createRestController(base, bindings), ...createEventSourceControllers(base, bindings)]
          : []),
      ].map(ownController),
      providers: [
        AgentCardDocuments,
        AgentCardEndpoint,
        BrowserRules,
        CallObserver,
        Cors,
        EnforcementCheck,
        EventSourceEndpoint,
        JsonRpcEndpoint,
        OperationRunner,
        HttpRequestReader,
        HttpSetup,
        IdleConnections,
        RestDispatcher,
        RestEndpoint,
        RestFailures,
        TenantPathsCheck,
        UnidentifiedCallers,
      ],
    };
  }
}
