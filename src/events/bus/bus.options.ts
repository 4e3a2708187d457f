import { checkWholeNumber, type NumberRange } from '../../common/number-options.js';
import { DEFAULT_REDIS_CHANNEL } from './redis.carrier.js';

interface PolledBus {
  /** How often the storage is asked whether anything was missed, in ms: the floor under any bus. Default 1000. */
  readonly pollMs?: number;
}

/** Nothing is told to other processes: they find by polling what is new. */
export interface InProcessBus extends PolledBus {
  readonly type: 'in-process';
}

/** LISTEN/NOTIFY on the database that the tasks live in, over one connection of its own. */
export interface PostgresBus extends PolledBus {
  readonly type: 'postgres';
}

/** Publish and subscribe of a Redis, which needs to keep nothing. Takes the optional package ioredis 5. */
export interface RedisBus extends PolledBus {
  readonly type: 'redis';
  /** `redis://user:password@host:6379`, or `rediss://…` with TLS. */
  readonly url: string;
  /** Default 'a2a:wake'. Applications that share a Redis may have one each. */
  readonly channel?: string;
}

export type BusOptions = InProcessBus | PostgresBus | RedisBus;

export type CheckedBusOptions = (InProcessBus | PostgresBus | Required<RedisBus>) & { readonly pollMs: number };

export const BUS_OPTIONS = Symbol('BusOptions');

export const DEFAULT_POLL_MS = 1_000;
export const POLL_RANGE: NumberRange = [10, 60_000];

/** Of one process each. */
const LONE_STORAGES: readonly string[] = ['memory', 'better-sqlite3'];

/** Where tasks live, as far as it matters to a bus. */
export interface BusStorage {
  readonly type: 'memory' | 'postgres' | 'redis' | 'mysql' | 'mariadb' | 'better-sqlite3';
  /** Of a Redis: how the bus on it is reached. */
  readonly url?: string;
  readonly channel?: string;
}

/**
 * Fills in the defaults: the storage itself if it can carry messages (Postgres, Redis), else 'in-process'. Throws TypeError or
 * RangeError naming what makes no sense.
 */
export function busOptions(given: BusOptions | undefined, storage: BusStorage): CheckedBusOptions {
  const bus = given ?? defaultBus(storage);
  const { type, pollMs = DEFAULT_POLL_MS } = bus;
  if (type !== 'in-process' && type !== 'postgres' && type !== 'redis') {
    throw new TypeError(`bus.type: there is no bus '${String(type)}'. Use 'postgres', 'redis' or 'in-process'.`);
  }
  if (type !== 'in-process' && LONE_STORAGES.includes(storage.type)) {
    throw new TypeError(
      `bus.type '${type}' makes no sense with storage '${storage.type}': no other process can see the tasks. Use storage 'postgres', or leave the bus out.`,
    );
  }
  if (type === 'postgres' && storage.type !== 'postgres') {
    throw new TypeError(
      `bus.type 'postgres' makes no sense with storage '${storage.type}': there is no Postgres. Leave the bus out.`,
    );
  }
  checkWholeNumber(pollMs, POLL_RANGE, 'bus.pollMs');
  if (bus.type !== 'redis') return { ...bus, pollMs };
  const { url, channel = DEFAULT_REDIS_CHANNEL } = bus;
  if (typeof url !== 'string' || !/^rediss?:\/\//.test(url) || !URL.canParse(url)) {
    throw new TypeError(
      "bus.url: the bus 'redis' needs one, like { type: 'redis', url: 'redis://user:password@host:6379' }.",
    );
  }
  if (typeof channel !== 'string' || channel === '')
    throw new TypeError('bus.channel must be a name that is not empty.');
  return { type, url, channel, pollMs };
}

function defaultBus({ type, url = '', channel }: BusStorage): BusOptions {
  if (type === 'redis') return { type, url, channel };
  return { type: type === 'postgres' ? type : 'in-process' };
}
