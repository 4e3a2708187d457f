export type RedisConstructor = (typeof import('ioredis'))['Redis'];

/** The optional package ioredis; an error that names the command to install it when it is not there. `what` needs it. */
export async function loadRedis(what: string): Promise<RedisConstructor> {
  try {
    return (await import('ioredis')).Redis;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(`${what} needs a package that is not installed: npm install ioredis@5`, { cause: error });
  }
}
