import { loadOptional } from '../../common/load-optional.js';

export type RedisConstructor = (typeof import('ioredis'))['Redis'];

/** The optional package ioredis. Throws MissingPackageError when it is not installed. `what` needs it. */
export const loadRedis = (what: string): Promise<RedisConstructor> =>
  loadOptional(what, ['ioredis@5'], async () => (await import('ioredis')).Redis);
