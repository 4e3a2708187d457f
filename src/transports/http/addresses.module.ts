import { type DynamicModule, Module, type ModuleMetadata, type Provider } from '@nestjs/common';
import { AGENT_ADDRESSES } from '../../agents/cards/agent-addresses.interface.js';
import { CARD_INTERFACES, cardInterfaces } from '../agent-card/card-interfaces.js';
import { GrpcAddress } from '../grpc/grpc.address.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from './http-transport.options.js';
import { AgentUrls } from './public-url.js';
import { RegisteredRoutes } from './registered-routes.js';
import { ServedAddresses } from './served-addresses.js';

export interface AddressesModuleOptions {
  readonly imports?: ModuleMetadata['imports'];
  /** HTTP_TRANSPORT_OPTIONS and PUBLIC_URL; GRPC_OPTIONS if there may be gRPC. */
  readonly providers: Provider[];
}

/** The URLs of agents, for the transports and for cards. */
@Module({})
export class AddressesModule {
  static register({ imports = [], providers }: AddressesModuleOptions): DynamicModule {
    const own: Provider[] = [
      AgentUrls,
      GrpcAddress,
      RegisteredRoutes,
      {
        provide: CARD_INTERFACES,
        inject: [HTTP_TRANSPORT_OPTIONS],
        useFactory: ({ bindings }: HttpTransportOptions) => cardInterfaces(bindings),
      },
      { provide: AGENT_ADDRESSES, useClass: ServedAddresses },
      ...providers,
    ];
    return { module: AddressesModule, imports, providers: own, exports: own };
  }
}
