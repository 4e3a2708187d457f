import type { AgentRegistry } from '../../agents/agent-registry.interface.js';
import type { ClientLimits } from '../../common/client-limits.js';
import type { DrainService } from '../../execution/drain.service.js';
import type { HttpTransportOptions } from '../http/http-transport.options.js';
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
  readonly limits: ClientLimits;
  readonly drain: DrainService;
  readonly address: GrpcAddress;
  readonly http: Pick<HttpTransportOptions, 'lenientVersion' | 'maxRequestValues'>;
}

export interface RunningGrpc {
  /** Ends the calls: in order within the grace time, then at once. */
  close(): Promise<void>;
}
