import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { OperationRunner } from '../operation.runner.js';
import { CallIntake } from './call.intake.js';
import { GrpcDispatcher } from './grpc.dispatcher.js';
import { GrpcEndpoint } from './grpc.endpoint.js';
import { GrpcServer } from './grpc.server.js';

/**
 * The gRPC binding; without GRPC_OPTIONS it does nothing. `imports` export REQUEST_HANDLER, AGENT_REGISTRY, DrainService and
 * AddressesModule.
 */
@Module({})
export class GrpcModule {
  static register(imports: ModuleMetadata['imports']): DynamicModule {
    return {
      module: GrpcModule,
      imports,
      providers: [OperationRunner, CallIntake, GrpcDispatcher, GrpcEndpoint, GrpcServer],
    };
  }
}
