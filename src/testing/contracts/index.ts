// The entry point nest-a2a/testing/contracts: suites of jest, for storages and buses of your own.
export { a2aStorageContract, type A2aStorageContractOptions } from './a2a-storage.contract.js';
export { eventBusContract } from './event-bus.contract.js';
export type { BusCluster, OpenCluster } from './event-bus/bus-cluster.js';
