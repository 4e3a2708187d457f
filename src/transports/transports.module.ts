import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { createAgentCardController } from './agent-card/agent-card.controller.js';
import { AgentCardDocuments } from './agent-card/agent-card.documents.js';
import { AgentCardEndpoint } from './agent-card/agent-card.endpoint.js';
import { createKeySetController } from './agent-card/key-set.controller.js';
import { BootCheck, TenantPathsCheck } from './http/boot.checks.js';
import { readEscapedColons } from './http/a2a-paths.js';
import { type HttpBindings, normalizePath } from './http/http-transport.options.js';
import { OperationRunner } from './operation.runner.js';
import { HttpRequestReader } from './http/http-request.reader.js';
import { IdleConnections } from './http/idle-connections.js';
import { createJsonRpcController } from './json-rpc/json-rpc.controller.js';
import { JsonRpcDispatcher } from './json-rpc/json-rpc.dispatcher.js';
import { JsonRpcEndpoint } from './json-rpc/json-rpc.endpoint.js';
import { createRestController } from './rest/rest.controller.js';
import { RestDispatcher } from './rest/rest.dispatcher.js';
import { RestEndpoint } from './rest/rest.endpoint.js';

export interface TransportsModuleOptions {
  /** The path of the routes; the same as `HttpTransportOptions.path`. */
  readonly path: string;
  readonly bindings: HttpBindings;
  /** Must export REQUEST_HANDLER and AGENT_REGISTRY; also CardsModule and AddressesModule. */
  readonly imports?: ModuleMetadata['imports'];
}

/** The HTTP bindings: controllers and what they need. Controllers are created for a path, which Nest must know at once. */
@Module({})
export class TransportsModule {
  /** Runs before Nest registers routes, whether or not `configureA2a` was called. */
  constructor(host: HttpAdapterHost) {
    readEscapedColons(host.httpAdapter);
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
        ...(bindings.rest ? [createRestController(base, bindings)] : []),
      ],
      providers: [
        AgentCardDocuments,
        AgentCardEndpoint,
        BootCheck,
        JsonRpcDispatcher,
        JsonRpcEndpoint,
        OperationRunner,
        HttpRequestReader,
        IdleConnections,
        RestDispatcher,
        RestEndpoint,
        TenantPathsCheck,
      ],
    };
  }
}
