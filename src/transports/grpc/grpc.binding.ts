import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  Optional,
} from '@nestjs/common';
import { AGENT_REGISTRY, type AgentRegistry } from '../../agents/agent-registry.interface.js';
import { ClientLimits } from '../../common/client-limits.js';
import { LogScopes } from '../../common/logging/log-scopes.js';
import { DrainService } from '../../execution/drain.service.js';
import { A2A_AUTHENTICATION, type Authentication } from '../../security/authentication/authentication.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http/http-transport.options.js';
import { CallObserver } from '../call.observer.js';
import { OperationRunner } from '../operation.runner.js';
import { GrpcAddress } from './grpc.address.js';
import type { GrpcTransport, RunningGrpc } from './grpc-transport.interface.js';

export const GRPC_TRANSPORT = Symbol('GrpcTransport');

/** Starts the gRPC binding with the application, if there is to be one, and ends it with the application. */
@Injectable()
export class GrpcBinding implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #running?: RunningGrpc;

  constructor(
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
    private readonly runner: OperationRunner,
    private readonly observer: CallObserver,
    private readonly limits: ClientLimits,
    private readonly drain: DrainService,
    private readonly scopes: LogScopes,
    private readonly address: GrpcAddress,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly http: HttpTransportOptions,
    @Optional() @Inject(GRPC_TRANSPORT) private readonly transport?: GrpcTransport,
    @Optional() @Inject(A2A_AUTHENTICATION) private readonly authentication?: Authentication,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { agents, runner, observer, limits, drain, scopes, address, authentication, http } = this;
    const ports = { agents, runner, observer, limits, drain, scopes, address, authentication, http };
    this.#running = await this.transport?.start(ports);
  }

  /** The readers have been ended by now, and the runs before them. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#running?.close();
  }
}
