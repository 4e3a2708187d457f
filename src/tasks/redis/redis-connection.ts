import type { Redis } from 'ioredis';
import { backoffDelay } from '../../common/backoff.js';
import { unavailable } from '../../protocol/errors/index.js';
import type { RedisConstructor } from './load-redis.js';
import type { OutageLog } from './outage-log.js';
import { storageError } from './redis-errors.js';

/** One step of a store: a Lua script that the server runs atomically. */
export interface Script {
  /** Unique among all scripts. */
  readonly name: string;
  readonly lua: string;
}

export interface RedisConnectionOptions {
  readonly url: string;
  /** The prefix of all keys, passed to each script as its only key. */
  readonly prefix: string;
  /** How long an answer may take, and how long a call waits for the server to become available, in ms. */
  readonly timeoutMs: number;
  readonly outages: Pick<OutageLog, 'away' | 'back'>;
}

type Commands = Record<string, (...values: (string | number | Buffer)[]) => Promise<unknown>>;

const BACKOFF = { firstMs: 50, maxMs: 2_000 };
const END_LIMIT_MS = 1_000;

/**
 * A connection that runs scripts and reconnects forever. Nothing is sent twice: a request in flight fails when the connection
 * breaks, and its caller must find out whether it took effect.
 */
export class RedisConnection {
  readonly #redis: Redis;
  readonly #defined = new Map<string, string>();
  #closed = false;
  #fault?: Error;

  constructor(
    Client: RedisConstructor,
    private readonly options: RedisConnectionOptions,
  ) {
    this.#redis = new Client(options.url, {
      lazyConnect: true,
      retryStrategy: (attempt) => backoffDelay(attempt - 1, BACKOFF),
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      // Requests in flight fail as soon as the connection is lost.
      maxRetriesPerRequest: 0,
      connectTimeout: options.timeoutMs,
      commandTimeout: options.timeoutMs,
      keepAlive: 10_000,
      connectionName: 'nest-a2a',
    });
    this.#redis.on('error', (error: Error) => this.#away(error));
    this.#redis.on('close', () => this.#away(this.#fault ?? new Error('the connection was closed')));
    this.#redis.on('ready', () => this.#back());
  }

  /** Runs a script. Throws A2AError UNAVAILABLE while the server is unavailable. */
  async run<T>(script: Script, ...values: (string | number)[]): Promise<T> {
    try {
      return await this.attempt<T>(script, ...values);
    } catch (error) {
      throw storageError(error);
    }
  }

  /** As `run`, but throws the original error, for callers that retry. */
  async attempt<T>({ name, lua }: Script, ...values: (string | number)[]): Promise<T> {
    await this.#ready();
    if (!this.#defined.has(name)) this.#redis.defineCommand(name, { numberOfKeys: 1, lua });
    else if (this.#defined.get(name) !== lua) throw new Error(`Two scripts are named ${name}.`);
    this.#defined.set(name, lua);
    const commands = this.#redis as unknown as Commands;
    return (await this.#guard(commands[name]!.call(this.#redis, this.options.prefix, ...values))) as T;
  }

  /** Runs a plain command. */
  async command(name: string, ...values: string[]): Promise<unknown> {
    await this.#ready();
    return this.#guard(this.#redis.call(name, ...values));
  }

  /** Waits up to `limitMs` for a server that answers. Throws the reason when there is none. */
  async open(limitMs: number): Promise<void> {
    await this.#untilReady(limitMs);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const { stream } = this.#redis as { stream?: Redis['stream'] };
    const limit = setTimeout(() => stream?.destroy(), END_LIMIT_MS).unref();
    if (this.#redis.status === 'ready') await this.#redis.quit().catch(() => undefined);
    this.#redis.disconnect();
    if (this.#redis.status === 'wait' || !stream || stream.destroyed) clearTimeout(limit);
    else stream.once('close', () => clearTimeout(limit));
  }

  async #ready(): Promise<void> {
    if (this.#redis.status === 'ready') return;
    try {
      await this.#untilReady(Math.min(this.options.timeoutMs, 5_000));
    } catch (error) {
      throw unavailable('The storage of tasks cannot be reached. Try again.', error);
    }
  }

  async #untilReady(limitMs: number): Promise<void> {
    const redis = this.#redis;
    if (redis.status === 'wait') redis.connect().catch(() => undefined);
    if (redis.status === 'ready') return;
    await new Promise<void>((resolve, reject) => {
      const ready = (): void => settle(resolve);
      const ended = (): void => settle(() => reject(new Error('The connection was closed.')));
      const late = (): void => settle(() => reject(this.#fault ?? new Error(`no answer within ${limitMs} ms`)));
      const settle = (outcome: () => void): void => {
        clearTimeout(timer);
        redis.off('ready', ready).off('end', ended);
        outcome();
      };
      const timer = setTimeout(late, limitMs);
      redis.once('ready', ready).once('end', ended);
    });
  }

  /** Gives up a server that accepts but does not answer, or whose network is gone: the next attempt uses a new connection. */
  async #guard<T>(answer: Promise<T>): Promise<T> {
    const { stream } = this.#redis;
    try {
      return await answer;
    } catch (error) {
      if (error instanceof Error && error.message === 'Command timed out') stream.destroy();
      throw error;
    }
  }

  #away(error: Error): void {
    this.#fault = error;
    if (!this.#closed) this.options.outages.away(this, error);
  }

  #back(): void {
    this.#fault = undefined;
    this.options.outages.back(this);
  }
}
