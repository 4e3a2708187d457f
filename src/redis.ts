// The entry point nest-a2a/redis. The driver is loaded when the storage or the bus is opened.
export { redisBus, type RedisBusOptions } from './events/bus/redis.bus.js';
export { redisStorage, type RedisStorageOptions } from './storage/redis.storage.js';
