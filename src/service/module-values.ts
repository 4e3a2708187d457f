import type { A2aModuleOptions } from '../a2a.options.js';
import type { A2aBus } from '../events/bus/a2a-bus.interface.js';
import { inProcessBus } from '../events/bus/in-process.bus.js';
import { storageOf } from '../storage/named.storage.js';
import type { ServiceModuleOptions } from './configuration/service-module-options.js';
import type { ServiceBus } from './configuration/storage-options.js';

/** Imports what the settings ask for, and makes it. */
export async function moduleValues({ storage, bus, grpc, ...others }: ServiceModuleOptions): Promise<A2aModuleOptions> {
  return {
    ...others,
    storage: await storageOf(storage),
    bus: await busOf(bus),
    grpc: grpc && (await import('../grpc.js')).grpc(grpc),
  };
}

async function busOf(settings: ServiceBus): Promise<A2aBus | undefined> {
  if (settings.type === 'redis') return (await import('../redis.js')).redisBus(settings);
  return settings.type === 'in-process' ? inProcessBus() : undefined;
}
