import { loadOptional } from '../../common/load-optional.js';

export type RedisConstructor = (typeof import('ioredis'))['Redis'];

/** Loads the optional package ioredis. Throws MissingPackageError when it is not installed. `what`: the feature that needs it. */
export const loadRedis = (what: string): Promise<RedisConstructor> =>
  loadOptional(what, ['ioredis@5'], async () => (await import('ioredis')).Redis);
