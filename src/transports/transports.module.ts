import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { createAgentCardController } from './agent-card/agent-card.controller.js';
import { AgentCardDocuments } from './agent-card/agent-card.documents.js';
import { AgentCardEndpoint } from './agent-card/agent-card.endpoint.js';
import { BootCheck } from './http/boot-check.js';
import { normalizePath } from './http/http-transport.options.js';
import { OperationRunner } from './http/operation.runner.js';
import { RequestIntake } from './http/request-intake.js';
import { createJsonRpcController } from './json-rpc/json-rpc.controller.js';
import { JsonRpcDispatcher } from './json-rpc/json-rpc.dispatcher.js';
import { JsonRpcEndpoint } from './json-rpc/json-rpc.endpoint.js';

export interface TransportsModuleOptions {
  /** Where the routes live; the same as `HttpTransportOptions.path`. */
  readonly path: string;
  /** Export REQUEST_HANDLER and AGENT_REGISTRY; CardsModule and AddressesModule. */
  readonly imports?: ModuleMetadata['imports'];
}

/** The HTTP bindings: controllers and what they need. Controllers are made for a path, which Nest must know at once. */
@Module({})
export class TransportsModule {
  static register({ path, imports = [] }: TransportsModuleOptions): DynamicModule {
    const base = normalizePath(path);
    return {
      module: TransportsModule,
      imports,
      controllers: [createJsonRpcController(base), createAgentCardController(base)],
      providers: [
        AgentCardDocuments,
        AgentCardEndpoint,
        BootCheck,
        JsonRpcDispatcher,
        JsonRpcEndpoint,
        OperationRunner,
        RequestIntake,
      ],
    };
  }
}
