import type { AgentRegistry } from '../../agents/agent-registry.interface.js';
import type { ClientLimits } from '../../common/client-limits.js';
import type { LogScopes } from '../../common/logging/log-scopes.js';
import type { DrainService } from '../../execution/drain.service.js';
import type { Authentication } from '../../security/authentication/authentication.js';
import type { HttpTransportOptions } from '../http/http-transport.options.js';
import type { CallObserver } from '../call.observer.js';
import type { OperationRunner } from '../operation.runner.js';
import type { GrpcAddress } from './grpc.address.js';
import type { GrpcSettings } from './grpc.options.js';

/** The gRPC binding, as `A2aModule.forRoot({ grpc })` takes it: what `grpc()` of nest-a2a/grpc gives. */
export interface GrpcTransport {
  readonly settings: GrpcSettings;
  /** Listens. Rejects with GrpcBootError. */
  start(ports: GrpcPorts): Promise<RunningGrpc>;
}

/** What the binding needs of the application. */
export interface GrpcPorts {
  readonly agents: AgentRegistry;
  readonly runner: OperationRunner;
  readonly observer: CallObserver;
  readonly limits: ClientLimits;
  readonly drain: DrainService;
  readonly scopes: LogScopes;
  readonly address: GrpcAddress;
  /** Of A2aAuthModule. undefined: it is not imported. */
  readonly authentication?: Authentication;
  readonly http: Pick<HttpTransportOptions, 'lenientVersion' | 'maxRequestValues'>;
}

export interface RunningGrpc {
  /** Ends the calls: in order within the grace time, then at once. */
  close(): Promise<void>;
}
