import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import { CallObserver } from '../call.observer.js';
import { OperationRunner } from '../operation.runner.js';
import { GrpcBinding } from './grpc.binding.js';
import type { GrpcTransport } from './grpc-transport.interface.js';

/**
 * The gRPC binding; it does nothing when `transport` provides undefined for GRPC_TRANSPORT. `imports` export REQUEST_HANDLER,
 * AGENT_REGISTRY, ClientLimits, DrainService and AddressesModule.
 */
@Module({})
export class GrpcModule {
  static register(
    imports: ModuleMetadata['imports'],
    transport: FactoryProvider<GrpcTransport | undefined>,
  ): DynamicModule {
    return { module: GrpcModule, imports, providers: [CallObserver, OperationRunner, transport, GrpcBinding] };
  }
}
