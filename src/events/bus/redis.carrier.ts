import type { Redis, RedisOptions } from 'ioredis';
import { loadRedis, type RedisConstructor } from '../../tasks/redis/load-redis.js';
import type { BusCarrier, CarrierEvents, CarrierSession } from './bus-carrier.interface.js';

export const DEFAULT_REDIS_CHANNEL = 'a2a:wake';

/** Publish/subscribe of Redis, over two connections: a subscribed connection takes no other commands. */
export class RedisCarrier implements BusCarrier {
  readonly name = 'Redis';
  readonly maxBytes = 60_000;
  readonly paceMs = 0;

  private constructor(
    private readonly Client: RedisConstructor,
    private readonly url: string,
    private readonly channel: string,
  ) {}

  /** Throws when the optional package ioredis is not installed. */
  static async create(url: string, channel = DEFAULT_REDIS_CHANNEL): Promise<RedisCarrier> {
    return new RedisCarrier(await loadRedis("The bus 'redis'"), url, channel);
  }

  async connect(events: CarrierEvents, limitMs: number): Promise<CarrierSession> {
    // The caller reconnects; what cannot be sent now is dropped.
    const options: RedisOptions = {
      lazyConnect: true,
      retryStrategy: null,
      enableOfflineQueue: false,
      autoResubscribe: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: limitMs,
      commandTimeout: limitMs,
      keepAlive: limitMs,
      connectionName: 'nest-a2a',
    };
    const [publisher, subscriber] = [new this.Client(this.url, options), new this.Client(this.url, options)];
    const both = [publisher, subscriber];
    const cut = (): void => both.forEach(drop);
    for (const redis of both) {
      redis.on('error', (error: Error) => events.lost(error));
      redis.on('close', () => events.lost(new Error('the connection was closed')));
    }
    subscriber.on('message', (_channel: string, text: string) => events.heard(text));
    try {
      await within(limitMs, Promise.all(both.map((redis) => redis.connect())));
      await subscriber.subscribe(this.channel);
    } catch (error) {
      cut();
      throw error;
    }
    return {
      send: async (texts) => void (await Promise.all(texts.map((text) => publisher.publish(this.channel, text)))),
      close: async () => cut(),
      cut,
    };
  }
}

/** `disconnect` waits two seconds for the other side, even when that is gone. */
function drop(redis: Redis): void {
  // There is no stream before it connects.
  const stream = redis.stream as Redis['stream'] | undefined;
  if (!stream?.destroyed) redis.disconnect();
  stream?.destroy();
}

/** Rejects after `ms`: otherwise a server that accepts a connection and stays silent would block forever. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, ms, new Error(`no answer within ${ms} ms`)).unref();
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
