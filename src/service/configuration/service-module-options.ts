import type { A2aModuleOptions } from '../../a2a.options.js';
import type { GrpcOptions } from '../../transports/grpc/grpc.options.js';
import type { NamedStorage } from '../../storage/named.storage.js';
import type { ServiceBus } from './storage-options.js';

/** The options of the module, with settings in place of what is made of them. */
export interface ServiceModuleOptions extends Omit<A2aModuleOptions, 'storage' | 'bus' | 'grpc'> {
  storage: NamedStorage;
  bus: ServiceBus;
  grpc?: GrpcOptions;
}
